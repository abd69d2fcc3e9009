* One channel program for all lines, one wait for its end, no mask touched.
LINES    EQU   {{lines}}
STEP     EQU   {{step}}
HALVE    START 0
         USING HALVE,0
         DC    A(0),A(MAIN)
         ORG   HALVE+X'38'
IOOLD    DS    D
CSW      DS    D
CAW      DS    A
         ORG   HALVE+X'68'
         DC    X'00020000',A(X'DEAD')
         ORG   HALVE+X'78'
         DC    A(0),A(IOINT)
         ORG   HALVE+X'800'
MAIN     LA    3,LINES
         LA    4,STEP
         LA    5,BUFFERS           where the next line stands
         LA    6,CHAIN             and the command that prints it
BUILD    CVD   4,DECIMAL
         UNPK  NUMBER,DECIMAL+5(3)
         OI    NUMBER+4,X'F0'
         MVC   0(LENGTH,5),TEXT
         MVC   0(8,6),PRINT
         ST    5,0(,6)
         MVI   0(6),X'09'
         LA    4,STEP(,4)
         LA    5,LENGTH(,5)
         LA    6,8(,6)
         BCT   3,BUILD
         SH    6,=H'8'
         MVI   4(6),X'20'          the last one chains no further
         LA    1,CHAIN
         ST    1,CAW
         SIO   X'00E'
         BNZ   BAD
         LPSW  WAITING
IOINT    TM    CSW+4,X'04'         device end: all is printed
         BO    DONE
         LPSW  WAITING
DONE     LPSW  GOOD
BAD      LPSW  FAILED
WAITING  DC    0D'0',X'FE020000',A(BAD)
GOOD     DC    0D'0',X'00020000',A(0)
FAILED   DC    0D'0',X'00020000',A(X'DEAD')
PRINT    CCW   X'09',0,X'60',LENGTH
TEXT     DC    C'{{text}} '
NUMBER   DC    C'00000'
LENGTH   EQU   *-TEXT
DECIMAL  DS    D
         LTORG
CHAIN    DS    (LINES)D
BUFFERS  DS    (LINES)CL(LENGTH)
         END   MAIN
