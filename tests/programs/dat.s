* Address translation in the EC mode: sixteen pages are given to their table when they are first stored into.
*> psw 000A000000000ACE
*> r5 00000088
*> r6 00000010
D        START 0
         DC    X'0008000000000400'
         ORG   D+X'68'
         DC    X'0008000000000600'
         ORG   D+X'400'
         BALR  12,0
         USING *,12
         LCTL  0,1,CRS
         SR    6,6
         LPSW  VIRT
         DS    0D
VIRT     DC    X'0408000000000480'
CRS      DC    X'00800000',X'00001000'
         ORG   D+X'480'
         BALR  12,0
         USING *,12
         LA    2,16
         L     3,=X'00010000'      VIRTUAL SEGMENT 1
LOOP     ST    2,0(3)
         A     3,=F'4096'
         BCT   2,LOOP
         L     3,=X'00010000'
         LA    2,16
         SR    5,5
SUM      A     5,0(3)
         A     3,=F'4096'
         BCT   2,SUM
         LRA   7,X'123'(3)
         BALR  8,0
         SVC   0
         ORG   D+X'60'
         DC    X'000A000000000ACE'
         ORG   D+X'4F0'
         LTORG
         ORG   D+X'600'
         STM   0,15,X'700'
         CLI   X'8F',X'11'
         BNE   X'6F0'
         LA    6,1(6)
         L     1,X'90'
         SRL   1,12
         N     1,X'6E0'
         SLL   1,1
         L     2,X'6E4'
         LR    3,6
         SLL   3,4
         A     3,X'6E8'
         AL    1,=A(X'1100')
         STH   3,0(1)
         PTLB
         ST    6,X'700'+24
         LM    0,15,X'700'
         LPSW  40
         ORG   D+X'6E0'
         DC    F'15',F'0',X'00000200'
         ORG   D+X'6F0'
         LPSW  X'6F8'
         ORG   D+X'6F8'
         DC    X'000A000000000BAD'
         ORG   D+X'1000'
         DC    X'00001080'
         DC    X'F0001100'
         ORG   D+X'1080'
         DC    X'0000'
         ORG   D+X'1100'
         DC    16X'0008'
         END
