* A supervisor with two tasks in the problem state, keys 1 and 2, by turns of the interval timer. The first ends by an
* SVC after a store that its key forbids.
*> psw 0002000000000E4D
*> r5 00000BB8
*> dump 3000 00000BB8
*> dump 800 0000000101110004
S        START 0
         DC    X'0000000000000200'
         ORG   S+X'58'
         DC    X'0000000000000300'  EXTERNAL
         DC    X'0000000000000400'  SVC
         DC    X'0000000000000500'  PROGRAM
         ORG   S+X'200'
         USING S,0
         L     1,=A(X'3000')
         LA    2,X'10'
         SSK   2,1
         L     1,=A(X'3800')
         LA    2,X'20'
         SSK   2,1
         MVC   80(4),=X'00000200'
         LPSW  TASK1
         ORG   S+X'300'
         MVC   80(4),=X'00000200'
         STM   0,15,X'700'
         L     1,CUR
         X     1,=F'1'
         ST    1,CUR
         BZ    TO1
         MVC   TASK1(8),24
         MVC   SAVE1(64),X'700'
         LM    0,15,SAVE2
         LPSW  TASK2
TO1      MVC   TASK2(8),24
         MVC   SAVE2(64),X'700'
         LM    0,15,SAVE1
         LPSW  TASK1
         ORG   S+X'400'
         CLI   35,1
         BE    COUNT
         LPSW  ENDED
COUNT    L     1,X'800'
         LA    1,1(1)
         ST    1,X'800'
         LPSW  32
         ORG   S+X'500'
         MVC   X'804'(4),40
         L     1,40+4
         LA    1,0(1)
         ST    1,X'808'
         LPSW  40
         ORG   S+X'600'
CUR      DC    F'0'
         DS    0D
TASK1    DC    X'0111000000001000'
TASK2    DC    X'0121000000001100'
ENDED    DC    X'0002000000000E4D'
SAVE1    DS    16F
SAVE2    DS    16F
         LTORG
         ORG   S+X'1000'
         BALR  12,0
         USING *,12
         L     3,=A(X'3000')
         L     4,=F'3000'
T1       LA    5,1(5)
         ST    5,0(3)
         BCT   4,T1
         SVC   1
         ST    5,X'800'(3)
         SVC   2
         LTORG
         ORG   S+X'1100'
         BALR  12,0
         USING *,12
         L     3,=A(X'3800')
T2       LA    6,1(6)
         ST    6,0(3)
         B     T2
         LTORG
         END
