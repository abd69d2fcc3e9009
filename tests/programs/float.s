* e by its series, the square root of 2 by Newton, pi by Machin, in long form. The last digits are those of
* Hercules, not those of mathematics.
*> psw 0002000000000F17
*> dump 2000 412B7E151628AECA4116A09E667F3BCC413243F6A8885A2A
F        START X'1000'
         BALR  12,0
         USING *,12
         L     10,=A(X'2000')
         LA    3,25
         LD    0,=D'1'            E
         LD    2,=D'1'
         LD    4,=D'1'
E1       DDR   2,4
         ADR   0,2
         AD    4,=D'1'
         BCT   3,E1
         STD   0,X'00'(10)
         LD    0,=D'2'            SQRT 2
         LD    2,=D'1'
         LA    3,8
S1       LDR   4,0
         DDR   4,2
         ADR   2,4
         HDR   2,2
         BCT   3,S1
         STD   2,X'08'(10)
         LD    0,=D'5'
         BAL   14,ATAN
         LDR   6,0
         ADR   6,6
         ADR   6,6
         LD    0,=D'239'
         BAL   14,ATAN
         SDR   6,0
         ADR   6,6
         ADR   6,6
         STD   6,X'10'(10)
         LPSW  DONE
ATAN     LD    2,=D'1'            ATAN(1/X): R0=X
         DDR   2,0
         MDR   0,0                X**2
         STD   0,XX
         STD   2,SUM
         LA    4,3
         LNR   5,4
         SR    7,7
A1       DD    2,XX
         LCDR  2,2
         CVD   4,PK
         ST    4,FIX+4
         LD    4,FIX
         AD    4,=D'0'
         LDR   0,2
         DDR   0,4
         AD    0,SUM
         STD   0,SUM
         LA    4,2(4)
         C     4,=F'41'
         BL    A1
         LD    0,SUM
         BR    14
         DS    0D
FIX      DC    X'4E000000',F'0'
XX       DS    D
SUM      DS    D
PK       DS    D
DONE     DC    X'0002000000000F17'
         LTORG
         END   F
