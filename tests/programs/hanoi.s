* Towers of Hanoi by recursion, eight discs; origin 10000, console by SIO and TIO.
*> psw 0002000000000FAD
*> console 00255 MOVES
HANOI    START X'10000'
         BALR  12,0
         USING *,12
         LA    13,STACK
         LA    1,8               DISCS
         LA    2,C'A'
         LA    3,C'B'
         LA    4,C'C'
         BAL   14,MOVE
         L     5,COUNT
         CVD   5,DOUBLE
         UNPK  TEXT(5),DOUBLE+5(3)
         OI    TEXT+4,X'F0'
         LA    1,WRITE
         ST    1,72
         SIO   X'009'
POLL     TIO   X'009'
         BC    3,POLL
         BC    4,POLL
         LPSW  FINAL
MOVE     LTR   1,1               MOVE R1 DISCS FROM R2 TO R4 BY R3
         BZR   14
         STM   14,4,0(13)
         LA    13,28(13)
         BCTR  1,0
         LR    5,3
         LR    3,4
         LR    4,5
         BAL   14,MOVE
         L     5,COUNT
         LA    5,1(5)
         ST    5,COUNT
         LR    5,13
         S     5,=F'28'
         LM    14,4,0(5)
         BCTR  1,0
         LR    5,2
         LR    2,3
         LR    3,5
         BAL   14,MOVE
         S     13,=F'28'
         LM    14,4,0(13)
         BR    14
COUNT    DC    F'0'
DOUBLE   DS    D
WRITE    CCW   X'09',TEXT,X'20',L'TEXT+7
TEXT     DC    C'00000'
         DC    C' MOVES '
         DS    0D
FINAL    DC    X'0002000000000FAD'
STACK    DS    64D
         LTORG
         END   HANOI
