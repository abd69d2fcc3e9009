/* Switching off: by the exit port that emulators offer, by what ACPI tells on them, and at last by stopping. */
#include "../kernel/power.h"

#include "../kernel/console.h"
#include "../kernel/fs.h"
#include "../kernel/machine.h"
#include "../kernel/print.h"

#define EXIT_PORT 0xf4
#define ACPI_CONTROL 0x604
#define ACPI_OFF 0x2000

void power_off(u8 status) {
    fs_shut_down();
    console_drain();
    irq_disable();
    out8(EXIT_PORT, status);
    out16(ACPI_CONTROL, ACPI_OFF);
    print("It is now safe to switch off this computer.\n");
    console_drain();
    cpu_stop();
}
