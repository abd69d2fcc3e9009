#!/bin/sh
# Builds the benchmark kernels. Needs gcc and ld for i386 (Debian: gcc, binutils).
set -e
cd "$(dirname "$0")"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
flags="-m32 -march=i686 -O2 -ffreestanding -fno-pic -fno-stack-protector -nostdlib -nostdinc -Wall -Wextra"
gcc $flags -c -o "$work/start.o" start.S
for name in compute syscall pagetable; do
  gcc $flags -c -o "$work/$name.o" "$name.c"
  ld -m elf_i386 --no-warn-rwx-segments -s -n -T link.ld -o "$name.elf" "$work/start.o" "$work/$name.o"
  echo "$name: $(wc -c < "$name.elf") bytes"
done
# With the images goes what they were built from: tests/bench-kernels.test.ts tells when that is no longer so.
sha256sum build.sh *.S *.c *.h *.ld *.elf > built.sha256
