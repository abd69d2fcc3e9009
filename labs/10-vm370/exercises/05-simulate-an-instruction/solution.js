function simulate(vm, { mnemonic, r1, r3, immediate, address }) {
  const { psw } = vm;
  const bytesOfWord = (word) => [word >>> 24, (word >>> 16) & 255, (word >>> 8) & 255, word & 255];
  switch (mnemonic) {
    case 'STNSM':
      vm.store(address, [psw.systemMask]);
      psw.systemMask &= immediate;
      break;
    case 'STOSM':
      vm.store(address, [psw.systemMask]);
      psw.systemMask |= immediate;
      break;
    case 'RRB': {
      const keyBefore = vm.storageKey(address);
      vm.setStorageKey(address, keyBefore & ~0x04);
      psw.conditionCode = (keyBefore & 0x06) >> 1;
      break;
    }
    case 'ISK': {
      const where = vm.gr[r3];
      if ((where & 15) !== 0) vm.program(6);
      const shown = vm.storageKey(where) & (psw.extendedControl ? 0xfe : 0xf8);
      vm.gr[r1] = ((vm.gr[r1] & 0xffffff00) | shown) >>> 0;
      break;
    }
    case 'STCTL': {
      if ((address & 3) !== 0) vm.program(6);
      const stored = [];
      for (let n = 0; n <= ((r3 - r1) & 15); n++) stored.push(...bytesOfWord(vm.cr[(r1 + n) & 15]));
      vm.store(address, stored);
      break;
    }
  }
}
