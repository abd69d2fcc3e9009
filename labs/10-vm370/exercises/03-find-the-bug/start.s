*---------------------------------------------------------------------*
* A supervisor with a print service: the user calls it by SVC 1.      *
* It should print {{count}} lines and end in a disabled wait at address 0.
* It does not. There is one mistake in it.                            *
*---------------------------------------------------------------------*
LINES    EQU   {{count}}
*
BUG      START 0
         USING BUG,0
         DC    A(0),A(MAIN)        00 the PSW it begins with
         ORG   BUG+X'20'
SVCOLD   DS    D                   20 SVC old PSW
PGMOLD   DS    D                   28 program old PSW
         ORG   BUG+X'38'
IOOLD    DS    D                   38 I/O old PSW
CSW      DS    D                   40 channel status word
CAW      DS    A                   48 channel address word
         ORG   BUG+X'60'
         DC    A(0),A(SERVE)       60 SVC new PSW
         DC    X'00020000',A(X'DEAD')  68 program new: unexpected
         ORG   BUG+X'78'
         DC    X'{{ionew}}',A(IOINT)  78 I/O new PSW
*
         ORG   BUG+X'800'
MAIN     LPSW  TOUSER
*---------------------------------------------------------------------*
* The user: numbers the lines and has each of them printed.           *
*---------------------------------------------------------------------*
USER     LA    3,1
LINE     CVD   3,DECIMAL
         UNPK  NUMBER,DECIMAL+6(2)
         OI    NUMBER+1,X'F0'
         SVC   1                   print
         LA    3,1(,3)
         CH    3,=AL2(LINES)
         BNH   LINE
         SVC   0                   done
*---------------------------------------------------------------------*
* The supervisor.                                                     *
*---------------------------------------------------------------------*
SERVE    CLI   SVCOLD+3,0
         BE    DONE
         LA    1,PRINT
         ST    1,CAW
         SIO   X'00E'
         BNZ   BAD
         LPSW  WAITING             until the printer has finished
IOINT    TM    CSW+4,{{status}}          device end?
         BZ    GOON
         {{return}}
GOON     LPSW  WAITING             no: only the channel has ended
DONE     LPSW  GOOD
BAD      LPSW  FAILED
*
TOUSER   DC    0D'0',X'00010000',A(USER)  problem state
WAITING  DC    0D'0',X'{{waiting}}',A(BAD)  wait with channels on
GOOD     DC    0D'0',X'00020000',A(0)
FAILED   DC    0D'0',X'00020000',A(X'DEAD')
PRINT    CCW   {{command}},TEXT,X'20',L'TEXT+2
TEXT     DC    C'{{text}} '
NUMBER   DC    C'00'
DECIMAL  DS    D
         LTORG
         END   MAIN
