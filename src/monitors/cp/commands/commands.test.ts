import { describe, expect, test } from 'vitest';
import { DIRECTORY, TestSystem } from '../testing.ts';
import { COMMANDS } from './install.ts';

const WAITER = `
P     START 0
      DC    X'00000000',A(GO)
      ORG   P+X'60'
      DC    X'00000000',A(GO)
      ORG   P+X'100'
GO    BALR  12,0
      USING *,12
LOOP  LA    3,1(3)
      B     LOOP
      END
`;

function alice(): TestSystem {
  const system = new TestSystem({ directory: DIRECTORY });
  system.type('LOGON ALICE');
  return system;
}

describe('LOGON and LOGOFF', () => {
  test('a user of the directory gets a machine, another name and a wrong password do not', () => {
    const system = new TestSystem({ directory: DIRECTORY });
    expect(system.type('QUERY NAMES')).toBe('RESTART');
    expect(system.type('LOGON NOBODY')).toBe('DMKLOG053E NOBODY NOT IN CP DIRECTORY');
    expect(system.type('LOGON OPERATOR WRONG')).toMatch(/^DMKLOG050E/);
    expect(system.type('L OPERATOR OPER')).toMatch(/^LOGON AT 00:0\d:\d\d GMT WEDNESDAY 08\/02\/72$/);
    expect(system.type('LOGON ALICE', 1)).toMatch(/^LOGON AT/);
    expect(system.type('Q N')).toBe('OPERATOR - 009, ALICE    - 01F');
  });

  test('LOGOFF gives everything back and the terminal is free for another', () => {
    const system = new TestSystem({ directory: DIRECTORY });
    const free = system.cp.paging.freeFrames;
    system.type('LOGON ALICE');
    system.type('STORE 1000 11111111');
    expect(system.cp.paging.freeFrames).toBeLessThan(free);
    expect(system.type('LOG')).toMatch(/^CONNECT= .* VIRTCPU= 000:00.00 .*\nLOGOFF AT /);
    expect(system.cp.paging.freeFrames).toBe(free);
    expect(system.type('LOGON BOB')).toMatch(/^LOGON AT/);
    expect(system.cp.machines.length).toBe(1);
  });

  test('a disconnected user comes back to the machine as it was', () => {
    const system = alice();
    system.type('STORE G3 ABC');
    expect(system.type('DISCONN')).toMatch(/^DISCONNECT AT/);
    expect(system.type('LOGON ALICE', 1)).toMatch(/^RECONNECTED AT/);
    system.type('#CP', 1);
    expect(system.type('D G3', 1)).toBe('GPR  3 =  00000ABC');
  });
});

describe('DISPLAY and STORE', () => {
  test('storage, registers and PSW are stored and shown', () => {
    const system = alice();
    expect(system.type('ST 2000 C1C2C3C4 1')).toBe('STORE COMPLETE');
    expect(system.type('D T2000.8')).toBe('002000  C1C2C3C4 00000001                   06 *ABCD....*');
    expect(system.type('STORE S2001 40')).toBe('STORE COMPLETE');
    expect(system.type('D 2000-2003')).toBe('002000  C140C3C4                            06');
    expect(system.type('STORE G14 1 2')).toBe('STORE COMPLETE');
    expect(system.type('D GE-F')).toBe('GPR 14 =  00000001 00000002');
    expect(system.type('D X0')).toBe('ECR  0 =  000000E0');
    expect(system.type('STORE Y2 41100000 00000000')).toBe('STORE COMPLETE');
    expect(system.type('D Y2')).toBe('FPR  2 =  4110000000000000');
    expect(system.type('STORE PSW 00080000 00000200')).toBe('STORE COMPLETE');
    expect(system.type('D PSW')).toBe('PSW = 00080000 00000200');
    expect(system.type('D K0-FFF')).toBe('000000 TO 000FFF  KEY = 00');
    expect(system.type('D CAW CSW')).toBe('CAW = 00000000\nCSW = 00000000 00000000');
  });

  test.each([
    ['D XYZ', 'DMKCDB004E INVALID HEXLOC - YZ'],
    ['D 20000', 'DMKCDB160E HEXLOC 20000 EXCEEDS STORAGE'],
    ['D 20-10', 'DMKCDB009E INVALID RANGE - 20-10'],
    ['D', 'DMKCDB026E OPERAND MISSING OR INVALID'],
    ['STORE 0 XX', 'DMKCDS005E INVALID HEXDATA - XX'],
    ['STORE G16 0', 'DMKCDS010E INVALID REGISTER - G16'],
    ['STORE 1FFFE 1 2 3', 'DMKCDS160E HEXLOC 1FFFE EXCEEDS STORAGE'],
    ['FROBNICATE', 'DMKCFC001E ?CP: FROBNICATE'],
    ['ATTACH 130 ALICE 130', 'DMKCFC001E ?CP: ATTACH'],
    ['REWIND 181', 'DMKCFC001E ?CP: REWIND - THERE ARE NO TAPES'],
    ['BEGIN GHI', 'DMKCFB004E INVALID HEXLOC - GHI'],
    ['IPL 999', 'DMKCFG040E DEV 999 DOES NOT EXIST'],
    ['IPL CMS', 'DMKCFG044E CMS DOES NOT EXIST'],
    ['IPL', 'DMKCFG026E OPERAND MISSING OR INVALID'],
    ['SET NOTRANS ON', 'DMKCFS006E NOTRANS NOT ALLOWED; NOT A VIRTUAL=REAL MACHINE'],
    ['SET ASSIST ON', 'DMKCFS006E ASSIST NOT AVAILABLE ON THIS PROCESSOR'],
    ['SET MSG MAYBE', 'DMKCFS003E INVALID OPTION - MAYBE'],
    ['DEFINE STORAGE 13', 'DMKDEF025E STORAGE MISSING OR INVALID'],
    ['DEFINE STORAGE 1M', 'DMKDEF094E STORAGE EXCEEDS ALLOWED MAXIMUM'],
    ['DEFINE CONSOLE 01F', 'DMKDEF092E DEV 01F NOT DEFINED; CONSOLE ALREADY DEFINED'],
    ['DETACH 555', 'DMKVDD040E DEV 555 DOES NOT EXIST'],
    ['DETACH 009', 'DMKVDD006E DEV 009 IS CONSOLE, NOT DETACHED'],
    ['MSG NOBODY HELLO', 'DMKMSG045E NOBODY NOT LOGGED ON'],
    ['QUERY NOBODY', 'DMKCQG045E NOBODY NOT LOGGED ON'],
    ['QUERY VIRTUAL 999', 'DMKCQG040E DEV 999 DOES NOT EXIST'],
    ['SPOOL PUNCH TO NOBODY', 'DMKCSP053E NOBODY NOT IN CP DIRECTORY'],
    ['SPOOL 009 CLASS A', 'DMKCSP006E INVALID DEVICE TYPE - 009'],
    ['CLOSE', 'DMKCSQ022E VADDR MISSING OR INVALID'],
    ['TRANSFER 1 TO BOB', 'DMKCSU042E SPOOLID 1 DOES NOT EXIST'],
    ['TRACE PRINTER SVC', 'DMKTRC003E INVALID OPTION - PRINTER: THIS CP TRACES AT THE TERMINAL ONLY'],
    ['INDICATE WEATHER', 'DMKTHI003E INVALID OPTION - WEATHER'],
    ['LINK NOBODY 191 291', 'DMKLNK053E NOBODY NOT IN CP DIRECTORY'],
    ['LINK BOB 333 291', 'DMKLNK107E BOB 333 NOT LINKED; NOT IN CP DIRECTORY'],
    ['LINK BOB 191 291', 'DMKLNK115E BOB 191 NOT LINKED; NO READ PASSWORD'],
    ['ADSTOP 201', 'DMKCFD004E INVALID HEXLOC - 201'],
    ['SYSTEM', 'DMKCPB026E OPERAND MISSING OR INVALID'],
    ['EXTERNAL 1234', 'DMKCPB026E OPERAND MISSING OR INVALID: ONLY CODE 40, THE INTERRUPT KEY'],
  ])('%s is answered %s', (line, answer) => {
    expect(alice().type(line)).toBe(answer);
  });

  test('every command answers every operand it does not know, and none throws', () => {
    const system = alice();
    for (const { name } of COMMANDS)
      for (const operands of ['', 'ZZZZZZZZZ', '999 999 999', '* * *', 'ALL', '-', '#', 'FFFFFF FFFFFFFF'])
        if (!/^(LOGOFF|DISCONN|BEGIN|SYSTEM)$/.test(name))
          expect(() => system.cp.command(system.user('ALICE'), `${name} ${operands}`)).not.toThrow();
  });
});

describe('SET EMSG', () => {
  test('chooses code, text, both or nothing', () => {
    const system = alice();
    const forms = ['CODE', 'TEXT', 'ON', 'OFF'].map((form) => {
      system.type(`SET EMSG ${form}`);
      return system.type('NONSENSE');
    });
    expect(forms).toEqual(['DMKCFC001E', '?CP: NONSENSE', 'DMKCFC001E ?CP: NONSENSE', '']);
  });
});

describe('QUERY', () => {
  test('shows the virtual machine and its settings', () => {
    const system = alice();
    expect(system.type('Q V').split('\n')).toEqual([
      'STORAGE = 00128K',
      'CONS 009 ON DEV 009',
      'RDR  00C CL * NOCONT NOHOLD EOF READY',
      'PUN  00D CL A NOCONT NOHOLD COPY 01 READY',
      '     00D FOR ALICE',
      'PRT  00E CL A NOCONT NOHOLD COPY 01 READY',
      '     00E FOR ALICE',
      'DASD 191 3330 ON DEV 130 R/W 005 CYL',
    ]);
    expect(system.type('Q V 191')).toBe('DASD 191 3330 ON DEV 130 R/W 005 CYL');
    expect(system.type('QUERY SET')).toBe(
      'MSG ON , EMSG ON  , IMSG ON , RUN OFF\nTIMER REAL, ECMODE ON , ASSIST OFF, NOTRANS OFF',
    );
    expect(system.type('Q USERS')).toBe('001 USERS, 000 DIALED');
    expect(system.type('Q F')).toBe('FILES: NO  RDR, NO  PRT, NO  PUN');
    expect(system.type('Q RDR')).toBe('NO RDR FILES');
    expect(system.type('Q T')).toMatch(/^TIME IS 00:0\d:\d\d GMT WEDNESDAY 08\/02\/72\nCONNECT= /);
    expect(system.type('IND U')).toMatch(/^PAGES: RES-\d{4} WS-0001 DRUM-0000\nVTIME=/);
    expect(system.type('IND')).toMatch(/^CPU-000% Q1-00 Q2-00 STORAGE-\d{3}% ELIG-00$/);
  });
});

describe('DEFINE and DETACH', () => {
  test('other storage is storage of zeros on a machine that has been reset', () => {
    const system = alice();
    system.type('STORE 1000 12345678');
    expect(system.type('DEF STOR 256K')).toBe('STORAGE = 00256K\nCP ENTERED; SYSTEM RESET');
    expect(system.type('D 1000.4')).toMatch(/^001000 {2}00000000 +0\d$/);
    expect(system.type('D 3FFF0.4')).toMatch(/^03FFF0 {2}00000000/);
  });

  test('devices are added, moved and taken away', () => {
    const system = alice();
    expect(system.type('DEFINE PUNCH AS 01D')).toBe('PUN 01D DEFINED');
    expect(system.type('DEFINE 191 AS 195')).toBe('DASD 195 DEFINED');
    expect(system.type('DETACH 01D')).toBe('PUN 01D DETACHED');
    expect(system.type('Q V 191')).toBe('DMKCQG040E DEV 191 DOES NOT EXIST');
  });
});

describe('the running machine', () => {
  test('#CP reaches CP while the guest runs; #CP alone stops it and BEGIN goes on', () => {
    const system = alice();
    const vm = system.load('ALICE', WAITER);
    system.type('BEGIN', 0, 3_000_000);
    expect(system.type('#CP QUERY USERID', 0, 3_000_000)).toBe('ALICE');
    expect(vm.state.stopped).toBe(false);
    expect(system.type('#cp', 0, 3_000_000)).toBe('CP');
    expect(vm.state.stopped).toBe(true);
    const before = vm.gr[3]!;
    system.type('B', 0, 3_000_000);
    system.type('#CP', 0, 3_000_000);
    expect(vm.gr[3]).toBeGreaterThan(before);
  });

  test('ADSTOP stops in front of the instruction and puts it back', () => {
    const system = alice();
    const vm = system.load('ALICE', WAITER);
    expect(system.type('ADSTOP 106')).toBe('');
    expect(system.type('D 106.2')).toMatch(/^000104 {2}00010AB3/);
    expect(system.type('BEGIN')).toBe('ADSTOP AT 000106');
    expect([vm.state.psw.instructionAddress, vm.gr[3]]).toEqual([0x106, 1]);
    expect(system.type('D 106.2')).toMatch(/^000104 {2}0001(?!0AB3)/);
  });

  test('TRACE INSTRUCT types every instruction and stops at each; RUN lets it go on', () => {
    const system = alice();
    system.load('ALICE', WAITER);
    expect(system.type('TRACE INSTRUCT')).toBe('TRACE STARTED');
    expect(system.type('B')).toBe('    000100 BALR  05C0');
    expect(system.type('B')).toBe('    000102 LA    41330001');
    expect(system.type('TRACE BRANCH')).toBe('TRACE STARTED');
    expect(system.type('B')).toBe('    000106 BC    47F0C000 ==> 000102');
    expect(system.type('TRACE END')).toBe('TRACE ENDED');
  });

  test('TRACE SVC and PRIV type what CP reflects and simulates', () => {
    const system = alice();
    system.load(
      'ALICE',
      `
P     START 0
      DC    X'00000000',A(GO)
      ORG   P+X'60'
      DC    X'00000000',A(SVCIN)
      ORG   P+X'100'
GO    SVC   7
SVCIN BALR  12,0
      USING *,12
      LPSW  DONE
      DS    0D
DONE  DC    X'00020000',A(0)
      END
`,
    );
    system.type('TRACE SVC PRIV RUN');
    expect(system.type('B').split('\n')).toEqual([
      '*** 000100 SVC 07 ==> 000102',
      '*** 000104 LPSW  000108',
      "DMKDSP450W CP ENTERED; DISABLED WAIT PSW '00020000 00000000'",
    ]);
  });

  test('TRACE INSTRUCT sees the SVC beneath its PER event, and the guest gets it', () => {
    const system = alice();
    const vm = system.load(
      'ALICE',
      `
P     START 0
      DC    X'00000000',A(GO)
      ORG   P+X'60'
      DC    X'00020000',A(X'123')
      ORG   P+X'100'
GO    SVC   7
      END
`,
    );
    system.type('TRACE INSTRUCT RUN');
    expect(system.type('B')).toContain('    000100 SVC   0A07');
    expect([vm.state.psw.instructionAddress, vm.fetchHalf(0x22)]).toEqual([0x123, 7]);
  });

  test('SYSTEM RESET, CLEAR and RESTART do what the operator panel does', () => {
    const system = alice();
    const vm = system.load('ALICE', WAITER);
    system.type('STORE G1 5');
    expect(system.type('SYSTEM RESET')).toBe('SYSTEM RESET');
    expect([vm.gr[1], vm.fetchWord(4)]).toEqual([0, 0x100]);
    system.type('SYSTEM RESTART', 0, 3_000_000);
    system.type('#CP', 0, 3_000_000);
    expect(vm.gr[3]).toBeGreaterThan(0);
    expect(system.type('SYSTEM CLEAR')).toBe('STORAGE CLEARED - SYSTEM RESET');
    expect([vm.gr[3], vm.fetchWord(4)]).toEqual([0, 0]);
  });

  test('EXTERNAL presses the interrupt key', () => {
    const system = alice();
    const vm = system.load(
      'ALICE',
      `
P     START 0
      DC    X'01020000',A(0)
      ORG   P+X'50'
      DC    X'7FFFFF00'
      ORG   P+X'58'
      DC    X'00020000',A(X'456')
      END
`,
    );
    system.type('BEGIN');
    system.type('#CP EXTERNAL');
    expect([vm.state.psw.instructionAddress, vm.fetchHalf(0x1a)]).toEqual([0x456, 0x40]);
  });
});

describe('two users', () => {
  test('MESSAGE reaches the other, even while a line is awaited there; SET MSG OFF keeps it away', () => {
    const system = new TestSystem({ directory: DIRECTORY });
    system.type('LOGON ALICE');
    system.type('LOGON BOB', 1);
    system.consoles[1]!.request();
    system.run();
    expect(system.consoles[1]!.awaitsInput).toBe(true);
    expect(system.type('MSG BOB Good morning')).toBe('');
    expect(system.output(1)).toMatch(/^00:0\d:\d\d {2}\* MSG FROM ALICE {3}: Good morning$/);
    expect(system.type('SET MSG OFF', 1)).toBe('');
    expect(system.type('M BOB Again')).toBe('DMKMSG057E BOB NOT RECEIVING; MSG OFF');
  });

  test('LINK gives what the modes allow', () => {
    const system = new TestSystem({ directory: DIRECTORY });
    system.type('LOGON ALICE');
    system.type('LOGON BOB', 1);
    expect(system.type('LINK ALICE 191 291', 1)).toBe('DMKLNK104E ALICE 191 NOT LINKED; R/W BY 001 USERS');
    expect(system.type('LINK TO ALICE 191 AS 291 RR', 1)).toBe('DASD 291 LINKED R/O');
    expect(system.type('LINK ALICE 191 292 WR NO', 1)).toMatch(/^DMKLNK114E/);
    expect(system.type('LINK ALICE 191 292 MW PASS= SECRET', 1)).toBe('DASD 292 LINKED R/W');
    expect(system.type('Q LINKS 191')).toBe('ALICE    191 R/W, BOB      291 R/O, BOB      292 R/W');
    expect(system.type('DETACH 291', 1)).toBe('DASD 291 DETACHED');
  });
});

describe('SET ASSIST', () => {
  const on = (): TestSystem => {
    const system = new TestSystem({ directory: DIRECTORY, assist: 'ecps' });
    system.type('LOGON ALICE');
    system.type('LOGON OPERATOR OPER', 1);
    return system;
  };
  const assist = (system: TestSystem): string => /ASSIST [^,]*/.exec(system.type('QUERY SET'))![0];

  test('switches the functions of one machine', () => {
    const system = on();
    const seen = ['', 'SET ASSIST ON NOSVC NOTMR', 'SET ASSIST ON SVC', 'SET ASSIST OFF'].map((line) => {
      if (line !== '') expect(system.type(line)).toBe('');
      return assist(system);
    });
    expect(seen).toEqual([
      'ASSIST ON  SVC TMR',
      'ASSIST ON  NOSVC NOTMR',
      'ASSIST ON  SVC NOTMR',
      'ASSIST OFF',
    ]);
    expect(system.type('SET ASSIST ON FAST')).toBe('DMKCFS003E INVALID OPTION - FAST');
  });

  test('is for the operator where it concerns the whole system', () => {
    const system = on();
    expect(system.type('SET SASSIST OFF')).toBe('DMKCFS003E INVALID OPTION - SASSIST');
    expect(system.type('SET SASSIST OFF', 1)).toBe('');
    expect(system.type('SET CPASSIST OFF', 1)).toBe('');
    expect(assist(system)).toBe('ASSIST OFF');
    expect(system.type('QUERY SASSIST', 1)).toBe('SASSIST OFF');
    expect(system.type('QUERY CPASSIST', 1)).toBe('CPASSIST OFF');
    expect(system.type('SET CPASSIST ON', 1)).toBe('');
    expect(system.type('QUERY CPASSIST', 1)).toBe('CPASSIST ON');
  });

  test('without ECPS has no timer to assist', () => {
    const system = new TestSystem({ directory: DIRECTORY, assist: 'vma' });
    system.type('LOGON ALICE');
    expect(assist(system)).toBe('ASSIST ON  SVC NOTMR');
    expect(system.type('SET ASSIST ON TMR')).toBe('DMKCFS006E TMR NOT AVAILABLE ON THIS PROCESSOR');
  });
});
