/**
 * CP's simulation of {{mnemonic}}: does to the virtual machine what the
 * instruction would do to a real one.
 *
 * vm.gr, vm.cr    sixteen general and control registers, each a
 *                 number from 0 to 0xFFFFFFFF
 * vm.psw          systemMask, key, conditionCode, programMask,
 *                 instructionAddress: may be changed;
 *                 extendedControl (true in EC mode), problemState,
 *                 wait: for reading
 * vm.fetch(address, n)           an array of n bytes of its storage
 * vm.store(address, bytes)       stores an array of bytes; both obey
 *                 storage protection, and interrupt the guest where
 *                 it has no storage
 * vm.storageKey(address)         the key of a block: access control
 *                 0xF0, fetch protection 0x08, reference 0x04,
 *                 change 0x02
 * vm.setStorageKey(address, key)
 * vm.program(code)               ends the simulation with a program
 *                 interruption of the guest: 6 is specification
 *
 * instruction     mnemonic; r1, r3: the two halves of its second
 *                 byte; immediate: that byte as a whole; address of
 *                 the operand in storage, 24 bits
 */
function simulate(vm, instruction) {
  // Yours to write.
}
