#!/bin/sh
# Builds every kernel and records what it prints under QEMU, into kernels.json. Needs nasm, ld and qemu-system-i386
# (Debian: nasm, binutils, qemu-system-x86).
set -e
cd "$(dirname "$0")"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
node -e 'for (let n = 0; n < 4096; n++) process.stdout.write(Buffer.alloc(512, n & 255))' > "$work/disk"
for source in *.asm; do
  name=${source%.asm}
  nasm -f elf32 -o "$work/$name.o" "$source"
  ld -m elf_i386 -s -n -Ttext 0x100000 -e start -o "$work/$name.elf" "$work/$name.o" 2> /dev/null
  # Firmware that finds a disk leaves the machine otherwise: only who wants one gets it.
  disk=
  [ "$name" = devices ] && disk="-drive file=$work/disk,format=raw,if=ide,snapshot=on"
  timeout 60 qemu-system-i386 -kernel "$work/$name.elf" -m 32 -cpu pentium3 -display none -nodefaults \
    -serial "file:$work/$name.txt" -device isa-debug-exit,iobase=0xf4,iosize=1 -no-reboot $disk > /dev/null 2>&1 || true
  # A kernel that runs away must not fill the record.
  head -c 20000 "$work/$name.txt" > "$work/short" && mv "$work/short" "$work/$name.txt"
  echo "$name: $(wc -c < "$work/$name.elf") bytes, $(wc -l < "$work/$name.txt") lines"
done
node record.mjs "$work" > kernels.json
