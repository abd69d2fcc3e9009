* What a guest sees of protection in its channel programs: console, reader, printer, disk. For each operation the log
* at X'9000' has the condition code of SIO, the CSW it stored, that of SIO's TIO, and all CSW bits up to the end.
         MACRO
&L       IO    &DEV,&CCW,&KEY
&L       LA    1,&CCW
         O     1,=X'&KEY.0000000'
         ST    1,X'48'
         XC    X'40'(8),X'40'
         SIO   &DEV
         BALR  6,0
         ST    6,0(,12)
         MVC   4(8,12),X'40'
         LA    12,12(,12)
L&SYSNDX TIO   &DEV
         BC    2,L&SYSNDX
         BALR  6,0
         BC    8,K&SYSNDX
         OC    4(8,12),X'40'
K&SYSNDX TIO   &DEV
         BC    6,K&SYSNDX
         LA    12,16(,12)
         MEND
*
T        START 0
         USING T,0
         DC    A(0),A(MAIN)
         ORG   T+X'50'
         DC    X'7FFFFFFF'
         ORG   T+X'68'
         DC    X'00020000',A(X'BAD')
         DC    X'00020000',A(X'BAD')
         DC    X'00020000',A(X'BAD')
         ORG   T+X'200'
MAIN     L     12,=A(X'9000')
         L     2,=A(X'A800')       A800: key 3, fetch protected
         LA    3,X'38'
         SSK   3,2
         L     2,=A(X'A000')       A000: key 5
         LA    3,X'50'
         SSK   3,2
         L     2,=A(X'B000')       B000: key 7, fetch protected
         LA    3,X'78'
         SSK   3,2
         IO    X'00C',READ,5
         IO    X'00C',SKIPPED,5
         IO    X'00C',ELSEWHER,6
         IO    X'009',INTO,5
         IO    X'009',SHUT,5
         IO    X'009',OPEN,7
         IO    X'00E',INTO,5
         IO    X'191',SEEK,5
         L     1,=A(X'B000')
         MVC   0(8,1),OPEN
         IO    X'009',0(1),5
         IO    X'009',JUMP,5
* PCI: each with the console's program under way, then the end.
         LA    1,ASKED
         ST    1,X'48'
         SIO   X'009'
         LA    4,2
ENABLE   MVC   X'78'(8),TAKEN
         LPSW  WAIT
TAKE     MVC   0(4,12),X'38'
         MVC   4(8,12),X'40'
         LA    12,16(,12)
         BCT   4,ENABLE
         LPSW  GOOD
WAIT     DC    0D'0',X'FE020000',A(X'123456')
TAKEN    DC    0D'0',A(0),A(TAKE)
GOOD     DC    0D'0',X'00020000',A(0)
READ     CCW   X'02',X'A7F0',0,80
SKIPPED  CCW   X'02',X'A7F0',X'10',80
ELSEWHER CCW   X'02',X'A000',0,80
INTO     CCW   X'09',X'A7FC',X'20',8
SHUT     CCW   X'09',X'A800',X'20',8
OPEN     CCW   X'09',X'A000',X'20',4
SEEK     CCW   X'07',X'A7FE',X'40',6
         CCW   X'03',0,X'20',1
JUMP     CCW   X'09',TEXT,X'60',3
         CCW   X'08',X'B000',0,1
ASKED    CCW   X'01',TEXT,X'40',5
         CCW   X'09',TEXT,X'68',5
         CCW   X'09',TEXT,X'20',5
TEXT     DC    C'HELLO'
         LTORG
         END   MAIN
