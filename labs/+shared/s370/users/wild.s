*---------------------------------------------------------------------*
* WILD - a program with a mistake: it clears storage from its own     *
* last page on, upwards to the end and then from the bottom up, as a  *
* loop with a wrong bound does. What stops it depends on how the      *
* system keeps its users apart.                                       *
*---------------------------------------------------------------------*
R1       EQU   1
R2       EQU   2
R3       EQU   3
R12      EQU   12
R15      EQU   15
WILD     START 0
         USING WILD,R12
         LR    R12,R15
         LA    R3,LAST
         SR    R2,R2
UP       ST    R2,0(,R3)
         LA    R3,1024(,R3)
         C     R3,LIMIT
         BL    UP
         LA    R3,X'58'            where the supervisor's PSWs are
         LA    R1,16
LOW      ST    R2,0(,R3)
         LA    R3,4(,R3)
         BCT   R1,LOW
         SR    R1,R1
         SVC   0
LIMIT    DC    A(X'30000')
LAST     DS    F
         END   WILD
