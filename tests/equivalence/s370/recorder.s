*---------------------------------------------------------------------*
* RECORDER - a guest that writes down all that it can see             *
*                                                                     *
* It gives every control instruction edge operands, in BC and EC mode,*
* in supervisor and problem state, and records what comes of it: each *
* interruption puts an entry of 64 bytes into the log (class, old     *
* PSW, codes, registers 0 to 7), and SVC 1 does so on purpose. It     *
* goes on behind what interrupted it. SVC 0 gives the supervisor      *
* state back. Whatever can tell the time stays out of the log.        *
*---------------------------------------------------------------------*
R        START 0
         USING R,0
         DC    X'00080000',A(ENTRY)
         ORG   R+X'50'
         DC    X'7FFFFFFF'
         ORG   R+X'58'
         DC    X'00080000',A(EXT)
         DC    X'00080000',A(SVC)
         DC    X'00080000',A(PGM)
         DC    X'000A0000',A(X'BAD')
         DC    X'00080000',A(IOI)
         ORG   R+X'200'
*---------------------------------------------------------------------*
* Interruption handlers                                               *
*---------------------------------------------------------------------*
SVC      STM   14,15,SAVE
         LA    15,X'20'
         TM    X'21',X'08'         BC mode: the code is in the old PSW
         BO    SVCEC
         MVC   X'8B'(1),X'23'
SVCEC    CLI   X'8B',0             0: back in the supervisor state
         BNE   LOG
         NI    X'21',X'FE'
         B     LOG
PGM      STM   14,15,SAVE
         LA    15,X'28'
         TM    X'29',X'08'
         BZ    LOG
         NI    X'28',X'47'         make what was refused acceptable
         NI    X'2A',X'3F'
         MVI   X'2B',0
         MVI   X'2C',0
         TM    REPAIR,2            without a format: translation off
         BZ    TRANSL
         MVI   REPAIR,0
         NI    X'28',X'FB'
         MVC   X'2C'(4),=A(AFTER)
         B     LOG
TRANSL   CLI   X'8F',X'10'         nullified: go on behind it
         BE    SKIP
         CLI   X'8F',X'11'
         BE    SKIP
         CLI   X'8F',X'90'
         BE    SKIP
         CLI   X'8F',X'91'
         BNE   LOG
SKIP     TM    REPAIR,1            or mend the tables and do it again
         BO    MEND
         SR    14,14
         IC    14,X'8D'
         A     14,X'2C'
         ST    14,X'2C'
         B     LOG
MEND     MVI   REPAIR,0
         MVC   X'E14'(4),=X'00A000B0'
         PTLB
         B     LOG
EXT      STM   14,15,SAVE
         LA    15,X'18'
         MVC   X'88'(4),X'84'
         NI    X'19',X'FD'         out of the wait
         CLC   X'86'(2),=X'1004'
         BNE   NOTCC
         SCKC  NEVERCC
NOTCC    CLC   X'86'(2),=X'1005'
         BNE   LOG
         SPT   NEVER
         B     LOG
IOI      STM   14,15,SAVE
         LA    15,X'38'
         MVC   X'88'(4),X'B8'
         MVC   X'8C'(8),X'40'
         NI    X'39',X'FD'
LOG      L     14,NEXT
         MVC   0(8,14),0(15)
         MVC   8(24,14),X'88'
         STM   0,7,32(14)
         LA    14,64(,14)
         ST    14,NEXT
         C     14,LIMIT
         BNL   OVER
         MVC   GO(8),0(15)
         LM    14,15,SAVE
         LPSW  GO
OVER     LPSW  FULL
         DS    0D
FULL     DC    X'000A0000',A(X'BADF')
DONE     DC    X'000A0000',A(0)
GO       DS    D
SAVE     DS    2F
NEXT     DC    A(X'10000')
LIMIT    DC    A(X'1FFC0')
REPAIR   DC    X'00'
         DS    0D
NEVER    DC    X'7FFFFFFFFFFFFFFF'
NEVERCC  DC    X'FFFFFFFFFFFFFFFF'
NOW      DS    D
         LTORG
*---------------------------------------------------------------------*
ENTRY    LM    10,13,=A(X'8000',X'4000',X'2000',X'3000')
         LCTL  0,1,TABLES4K
         LR    9,12
         BR    9
TABLES4K DC    X'008000E0',X'00000D00'
TABLES2K DC    X'004000E0',X'00000D40'
TABLES1M DC    X'009000E0',X'0F000D00'
NOFORMAT DC    X'000000E0',X'00000D00'
TABBEYON DC    X'008000E0',X'00020000'
         LTORG
*        4 K pages: 8 is A, 9 is 8, A invalid, B invalid till mended,
*        C to F: frame beyond storage, bits that must be zero, ...
         ORG   R+X'D00'
         DC    X'F0000E00',X'10000E80',X'00000001',X'01000E00'
         DC    X'F0020000',11X'00000001'
         DC    X'F0000F00',15X'00000001'
         ORG   R+X'E00'
         DC    X'00000010002000300040005000600070'
         DC    X'00A00080000800B8020000060001000E'
         ORG   R+X'E80'
         DC    X'00100020',14X'0100'
         ORG   R+X'F00'
         DC    X'00000008001000180020002800300038'
         DC    X'00400048005000580060006800700078'
         DC    X'00A000A8008000880004000200B000B8'
         DC    X'02000001000400040004000400040004'
*---------------------------------------------------------------------*
* The records, twice: in BC mode, then in EC mode                     *
*---------------------------------------------------------------------*
         ORG   R+X'2000'
         USING X2000,12,13,11
X2000    LM    0,7,=F'1,2,3,4,5,6,7,8'
         SR    8,8
         LA    9,BCPROB
         LPSW  BC
BC       DC    0D'0'
         DC    X'00000000',A(BOTH)
EC       DC    X'00080000',A(BOTH)
BOTH     SVC   1
*        program mask and condition code through SPM, IPK, SPKA
         L     1,=X'3F000000'
         SPM   1
         SVC   1
         IPK
         SVC   1
         SPKA  X'70'
         IPK
         SVC   1
         SPKA  X'FF'
         SVC   1
         SPKA  0
         SR    1,1
         SPM   1
*        system masks
         STNSM X'8000'-X'8000'(10),X'00'
         SVC   1
         SSM   =X'00'
         SVC   1
         SSM   =X'02'              I/O, or channel 6
         SVC   1
         STOSM 1(10),X'02'
         STNSM 2(10),X'FD'
         SVC   1
         STOSM 3(10),X'10'         in EC mode not a mask
         SVC   1
         SSM   =X'80'
         SVC   1
         SSM   =X'00'
         LCTL  0,0,SUPPRESS        SSM is a special operation
         SSM   =X'00'
         SVC   1
         LCTL  0,1,TABLES4K
*        control registers
         STCTL 0,15,16(10)
         LCTL  2,15,CONTROLS
         STCTL 0,15,80(10)
         STCTL 14,3,144(10)
         LM    0,7,80(10)
         SVC   1
         LCTL  3,3,CONTROLS+2      specification
         STCTL 3,3,X'FFF'(10)
         L     1,=X'00FFFFF0'
         LCTL  3,3,0(1)            addressing
         STCTL 3,3,0(1)
         LCTL  2,15,NORMAL
*        storage keys with reference and change bits
         L     2,=X'0000A000'
         LA    3,X'F8'
         SSK   3,2
         SR    4,4
         ISK   4,2
         SVC   1
         RRB   0(2)
         SVC   1
         L     1,0(,2)
         ISK   4,2
         SVC   1
         RRB   0(2)
         SVC   1
         ST    1,0(,2)
         ISK   4,2
         SVC   1
         RRB   X'7FF'(2)
         SVC   1
         LCTL  5,5,16(2)           fetched
         STNSM 8(2),X'FF'
         ISK   4,2
         SVC   1
         LA    3,X'06'
         SSK   3,2
         ISK   4,2
         SVC   1
         LA    2,X'801'
         ISK   4,2                 specification
         SSK   4,2
         L     2,=X'FF020000'
         ISK   4,2                 addressing
         SSK   4,2
         RRB   0(2)
         L     2,=X'FF00A00F'
         ISK   4,2
         SVC   1
*        protection in supervisor and problem state
         L     2,=X'0000A000'
         LA    3,X'50'
         SSK   3,2
         L     4,=X'0000A800'
         LA    3,X'58'
         SSK   3,4
         SPKA  X'30'
         L     1,0(,2)
         ST    1,0(,2)             0004
         L     1,0(,4)             0004
         MVC   X'7FE'(4,2),0(10)   0004
         LCTL  5,5,0(4)            0004
         STCTL 5,5,0(2)            0004
         STOSM 0(2),0              0004
         LPSW  0(4)                0004
         SSM   0(4)                0004
         SVC   1
         SPKA  X'50'
         L     1,0(,4)
         ST    1,4(,4)
         STCTL 5,5,0(2)
         SVC   1
         SPKA  0
*        execute
         LA    1,1
         EX    1,SUBSVC
         EX    0,SUBLCTL
         EX    1,SUBIPK
         EX    0,SUBSSM
         SVC   1
         EX    0,SUBEX             0003
         EX    0,SUBSVC+1          0006
         EX    0,0(11,10)
*        other exceptions
         DC    X'0000'             0001
         DC    X'B2FF0000'         0001
         DC    X'8400A000'         WRD: not installed
         L     1,=X'00FFFFFC'
         L     2,0(,1)             0005
         ST    2,0(,1)
         MVC   0(8,1),0(10)
         CVB   2,=8X'FF'           0007
         LA    3,1
         D     2,ZERO              0009
         L     1,=X'0F000000'
         SPM   1
         L     2,=X'7FFFFFFF'
         AR    2,2                 0008
         ZAP   16(1,10),=P'1000'   000A
         DP    16(3,10),=P'0'      000B
         LE    0,=X'7FFFFFFF'
         MER   0,0                 000C
         LE    0,=X'00100000'
         MER   0,0                 000D
         LE    0,=X'42100000'
         SER   0,0                 000E
         LE    2,=X'00000000'
         LE    0,=X'42100000'
         DER   0,2                 000F
         LE    1,ZERO              0006
         SR    1,1
         SPM   1
         AR    2,2
         SVC   1
*        monitor calls
         MC    0(10),5
         LCTL  8,8,=X'0000FFFF'
         MC    X'123'(10),5
         MC    0(10),16            0006
         LCTL  8,8,ZERO
         MC    0(10),5
*        channels and devices: condition codes
         TIO   X'777'
         SVC   1
         SIO   X'777'
         SVC   1
         HIO   X'777'
         SVC   1
         HDV   X'017'
         SVC   1
         TCH   X'000'
         SVC   1
         TIO   X'009'
         SVC   1
         TIO   X'00E'
         SVC   1
*        problem state
         LPSW  0(9)
NEXTTO   SVC   1
         B     SECOND
         DS    0D
BCPROB   DC    X'00010000',A(PROBLEM)
ECPROB   DC    X'00090000',A(PROBLEM)
SECOND   LA    8,1(,8)
         C     8,=F'1'
         BE    AGAIN
         B     TRANSLAT
AGAIN    LA    9,ECPROB
         LPSW  EC
PROBLEM  SVC   1
         LPSW  EC
         SSM   ZERO
         STNSM 0(10),0
         STOSM 0(10),0
         LCTL  0,0,ZERO
         STCTL 0,0,0(10)
         SSK   3,2
         ISK   3,2
         RRB   0(10)
         SPKA  0
         IPK
         LRA   1,0(10)
         PTLB
         SCK   ZERO
         SCKC  ZERO
         STCKC 0(10)
         SPT   ZERO
         STPT  0(10)
         STIDP 0(10)
         STAP  0(10)
         DIAG  0,0,0
         SIO   X'009'
         SIOF  X'009'
         TIO   X'009'
         CLRIO X'009'
         HIO   X'009'
         HDV   X'009'
         TCH   X'009'
         STIDC X'009'
         LPSW  1(10)
         LA    1,1
         EX    1,SUBSVC
         EX    0,SUBLCTL
         EX    1,SUBIPK
         DC    X'B2FF0000'
         SVC   0
         B     NEXTTO
SUBSVC   SVC   2
         DS    0F
SUBLCTL  LCTL  4,5,CONTROLS
SUBIPK   IPK
SUBSSM   SSM   ZERO
SUBEX    EX    0,SUBSVC
SUPPRESS DC    X'408000E0'
ZERO     DC    D'0'
CONTROLS DC    X'FFFFFFFF',13X'12345678'
NORMAL   DC    X'FFFFFFFF',11F'0',X'C2000000',F'512'
         LTORG
*---------------------------------------------------------------------*
* Translation, EC mode                                                *
*---------------------------------------------------------------------*
         ORG   R+X'3000'
TRANSLAT LCTL  2,15,NORMAL
         BAL   7,LRAS
         LCTL  0,1,TABLES2K
         BAL   7,LRAS
         LCTL  0,1,TABLES1M
         BAL   7,LRAS
         LCTL  0,1,NOFORMAT
         BAL   7,LRAS
         LCTL  0,1,TABBEYON
         BAL   7,LRAS
         LCTL  0,1,TABLES4K
         BAL   7,ACCESS
         LCTL  0,1,TABLES2K
         BAL   7,ACCESS
         LCTL  0,1,TABLES1M
         BAL   7,ACCESS
         LCTL  0,1,NOFORMAT
         MVI   REPAIR,2
         LPSW  DATON               every fetch fails: SVC cannot be had
AFTER    LCTL  0,1,TABLES4K
         B     ALIASES
         DS    0D
DATON    DC    X'04080000',A(X'70000')
*        LRA of pages good and bad; register 7 returns
LRAS     LM    1,3,=A(X'8123',X'9FFF',X'A000')
         LRA   4,0(1)
         SVC   1
         LRA   4,0(2)
         SVC   1
         LRA   4,0(3)
         SVC   1
         LM    1,3,=A(X'C000',X'D000',X'F000')
         LRA   4,0(1)
         SVC   1
         LRA   4,0(2)
         SVC   1
         LRA   4,0(3)
         SVC   1
         LM    1,3,=A(X'12345',X'28000',X'30000')
         LRA   4,0(1)
         SVC   1
         LRA   4,0(2)
         SVC   1
         LRA   4,0(3)
         SVC   1
         LM    1,3,=A(X'40000',X'500000',X'FFFFFF')
         LRA   4,0(1)
         SVC   1
         LRA   4,0(2)
         SVC   1
         LRA   4,1(3)
         SVC   1
         BR    7
*        fetches and stores there, translation on
ACCESS   STOSM 0(10),X'04'
         LM    1,3,=A(X'8123',X'9FFE',X'A000')
         L     4,0(,1)
         ST    4,0(,2)
         ST    4,0(,3)
         MVC   0(16,1),4(2)
         MVC   0(9,3),0(1)
         LM    1,3,=A(X'C000',X'D000',X'F000')
         L     4,0(,1)
         ST    4,0(,2)
         L     4,0(,3)
         LM    1,3,=A(X'12345',X'28000',X'30000')
         L     4,0(,1)
         ST    4,0(,2)
         L     4,0(,3)
         LM    1,3,=A(X'40000',X'500000',X'FFFFFE')
         L     4,0(,1)
         ST    4,0(,2)
         L     4,0(,3)
         LCTL  3,3,0(3)
         STCTL 3,3,0(1)
         STNSM 4(10),X'FB'
         SVC   1
         BR    7
*        one frame under two names; tables changed under the buffer
ALIASES  STOSM 0(10),X'04'
         LM    1,2,=A(X'9100',X'8100')
         MVC   0(4,1),=C'ALIA'
         STNSM 0(10),X'FB'
         L     3,X'100'(,10)
         SVC   1
         MVC   X'E10'(2),=X'0080'
         PTLB
         STOSM 0(10),X'04'
         L     3,0(,2)
         SVC   1
         STNSM 0(10),X'FB'
         MVC   X'E10'(2),=X'00A0'
         PTLB
*        an instruction that straddles two pages, the second invalid
         MVC   X'FFE'(2,10),=X'4160'
         L     3,=X'0000A000'
         MVC   0(4,3),=X'A12307F5' LA 6,X'123'(10) and BR 5
         L     4,=X'00009FFE'
         LA    5,BACK
         MVI   REPAIR,1
         STOSM 0(10),X'04'
         BR    4
BACK     STNSM 0(10),X'FB'
         SVC   1
*        MVCL into a page that is missing till the handler mends it
         LM    2,5,=A(X'8000',X'4000',X'4000',X'4000')
         MVC   X'E16'(2),=X'0008'
         PTLB
         MVI   REPAIR,1
         STOSM 0(10),X'04'
         MVCL  2,4
         STNSM 0(10),X'FB'
         SR    3,3
         SR    5,5
         SVC   1
*        PER: fetching, branching, storing, registers
         LCTL  9,11,PERALL
         LPSW  PERON
PERIN    LA    1,7
         ST    1,X'200'(,10)
         B     *+4
         IPK
         STCTL 0,0,X'204'(10)
         STNSM X'208'(10),X'BF'
         LCTL  9,11,PERSTORE
         LPSW  PERON2
PERIN2   ST    1,X'300'(,10)
         ST    1,X'2FC'(,10)
         MVC   X'2F0'(32,10),0(10)
         STCTL 0,3,X'2F8'(10)
         STNSM X'2FF'(10),X'BF'
         LCTL  9,11,PERREGS
         LPSW  PERON3
PERIN3   LA    1,7
         LA    5,7
         ISK   5,10
         LRA   5,0(10)
         BALR  5,0
         STNSM 0(10),X'BF'
         LCTL  9,11,ZERO
         SVC   1
         B     TIMES
         DS    0D
PERON    DC    X'40080000',A(PERIN)
PERON2   DC    X'40080000',A(PERIN2)
PERON3   DC    X'40080000',A(PERIN3)
PERALL   DC    X'F000FFFF',A(PERIN,PERIN+X'100')
PERSTORE DC    X'20000000',X'00008300',X'00008303'
PERREGS  DC    X'10000400',A(0,X'FFFFFF')
         LTORG
*---------------------------------------------------------------------*
* Timers: which interrupts, and in what order, but not when           *
*---------------------------------------------------------------------*
         ORG   R+X'4000'
TIMES    STCK  NOW
         LCTL  0,0,=X'00800800'
         SCKC  NOW
         LPSW  WAITEXT1
WAIT1    SVC   1
         LCTL  0,0,=X'00800400'
         SPT   SOON
         LPSW  WAITEXT2
WAIT2    SVC   1
         LCTL  0,0,=X'00800080'
         MVC   X'50'(4),=X'00000100'
         LPSW  WAITEXT3
WAIT3    SSM   =X'00'
         SVC   1
         MVC   X'50'(4),=X'00000000'
         STCK  NOW
         SCKC  NOW
         SPT   SOON
         L     1,=F'100000'
         BCT   1,*
         LCTL  0,0,=X'00800C80'
         SSM   =X'01'
         SSM   =X'00'
         SVC   1
         MVC   X'50'(4),=X'7FFFFFFF'
         LCTL  0,0,=X'00800000'
         B     INOUT
         DS    0D
SOON     DC    X'0000000000100000'
WAITEXT1 DC    X'010A0000',A(WAIT1)
WAITEXT2 DC    X'010A0000',A(WAIT2)
WAITEXT3 DC    X'010A0000',A(WAIT3)
*---------------------------------------------------------------------*
* Input and output: RUN starts the program that register 2 names at   *
* the device in 3 and records condition code, CSW and all status      *
*---------------------------------------------------------------------*
INOUT    LA    3,X'009'
         LA    8,CONSOLES
         BAL   6,RUNALL
         LA    3,X'00E'
         LA    8,PRINTERS
         BAL   6,RUNALL
         LA    3,X'191'
         LA    8,DISKS
         BAL   6,RUNALL
*        an I/O interruption, taken in the wait
         LA    2,CWRITE
         ST    2,X'48'
         SIO   X'009'
         LPSW  WAITIO
WAIT4    SVC   1
         MVC   X'48'(4),=X'0F000000'
         SIO   X'009'              bits 4 to 7
         L     1,X'44'
         SVC   1
         LPSW  DONE
         DS    0D
WAITIO   DC    X'020A0000',A(WAIT4)
RUNALL   L     2,0(,8)
         LTR   2,2
         BZR   6
         XC    X'40'(8),X'40'
         ST    2,X'48'
         SR    4,4
         SR    5,5
         SR    7,7
         SIO   0(3)
         BALR  7,0
         BC    1,TOLD2
         BC    4,TOLD              1: status with the instruction
POLL     TIO   0(3)
         BC    2,POLL
         BC    8,TOLD2
         O     5,X'44'
         TM    X'44',X'08'         channel end: address and count count
         BZ    NOTCE
         L     4,X'40'
         B     LAST
NOTCE    TM    X'45',X'3F'
         BZ    LAST
         L     4,X'40'
LAST     TM    X'44',X'04'
         BZ    POLL
         B     TOLD2
TOLD     O     5,X'44'
         TM    X'44',X'0C'         channel end without device end?
         BM    POLL
TOLD2    N     5,=X'EFFFFFFF'      busy is a matter of time
         N     7,=X'30000000'
         SVC   1
         SR    7,7
         LA    8,4(,8)
         B     RUNALL
CONSOLES DC    A(CWRITE,CSHORT,CCHAIN,CDATA,CBAD,CZERO,CTIC,CTIC2,CINV)
         DC    A(CFLAG,CODD,CIDA,CBEYOND,CPROT,CSENSE,CNOP,CPCI,0)
PRINTERS DC    A(PWRITE,PLONG,PSPACE,PCHAIN,PBAD,CSENSE,0)
DISKS    DC    A(DSEEK,DREAD,DNOREC,DBAD,DSENSE,DSKIP,DIDA,DSHORT,0)
         DS    0D
CWRITE   CCW   X'09',TEXT,0,8
CSHORT   CCW   X'01',TEXT,X'20',3
CCHAIN   CCW   X'01',TEXT,X'40',3
         CCW   X'03',0,X'60',1
         CCW   X'09',TEXT,X'20',8
CDATA    CCW   X'09',TEXT,X'80',3
         CCW   X'00',TEXT+3,X'80',2
         CCW   X'00',TEXT+5,0,3
CBAD     CCW   X'FF',TEXT,0,8
CZERO    CCW   X'09',TEXT,0,0
CTIC     CCW   X'08',CWRITE,0,0
CTIC2    CCW   X'03',0,X'60',1
         CCW   X'08',*+8,0,0
         CCW   X'08',CWRITE,0,0
CINV     CCW   X'03',0,X'60',1
         CCW   X'09',TEXT,X'03',8
CFLAG    CCW   X'09',TEXT,X'01',8
CODD     CCW   X'03',0,X'60',1
         CCW   X'08',CWRITE+4,0,0
CIDA     CCW   X'09',IDAWS,X'04',8
CBEYOND  CCW   X'09',X'1FFFC',0,8
CPROT    CCW   X'01',TEXT,X'20',1
CSENSE   CCW   X'04',X'8400',X'20',1
CNOP     CCW   X'03',0,X'20',1
CPCI     CCW   X'03',0,X'60',1
         CCW   X'01',TEXT,X'20',2
PWRITE   CCW   X'09',TEXT,X'20',8
PLONG    CCW   X'09',X'2000',0,200
PSPACE   CCW   X'0B',0,X'20',1
PCHAIN   CCW   X'09',TEXT,X'60',8
         CCW   X'0B',0,X'60',1
         CCW   X'09',TEXT,X'A0',4
         CCW   X'00',TEXT,X'20',4
PBAD     CCW   X'02',TEXT,0,8
DSEEK    CCW   X'07',SEEK0,X'40',6
         CCW   X'1A',X'8500',0,5
DREAD    CCW   X'07',SEEK0,X'40',6
         CCW   X'31',SEARCH1,X'40',5
         CCW   X'08',*-8,0,0
         CCW   X'06',X'8500',X'20',4096
DNOREC   CCW   X'07',SEEK0,X'40',6
         CCW   X'31',SEARCH9,X'40',5
         CCW   X'08',*-8,0,0
         CCW   X'06',X'8500',X'20',16
DBAD     CCW   X'07',SEEKBAD,X'40',6
         CCW   X'03',0,X'20',1
DSENSE   CCW   X'04',X'8600',X'20',24
DSKIP    CCW   X'07',SEEK0,X'40',6
         CCW   X'16',X'8700',X'90',4
         CCW   X'00',X'8700',0,12
DIDA     CCW   X'07',SEEK0,X'40',6
         CCW   X'16',IDAWS2,X'04',16
DSHORT   CCW   X'07',SEEK0,X'40',6
         CCW   X'16',X'8780',0,100
IDAWS    DC    A(TEXT)
IDAWS2   DC    A(X'8FF8',X'9000')
SEEK0    DC    XL6'00'
SEEKBAD  DC    X'0000FFFF0000'
SEARCH1  DC    X'0000000001'
SEARCH9  DC    X'0000000009'
TEXT     DC    C'RECORDED'
         LTORG
         END
