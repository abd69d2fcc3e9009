*---------------------------------------------------------------------*
* KEEPER - a user's program that holds something of its user's: eight *
* letters behind the word SECRET. It works for a while and types      *
* whether they are still what they were.                              *
*---------------------------------------------------------------------*
R1       EQU   1
R2       EQU   2
R3       EQU   3
R4       EQU   4
R12      EQU   12
R15      EQU   15
EXIT     EQU   0
WRITE    EQU   1
KEEPER   START 0
         USING KEEPER,R12
         LR    R12,R15
         L     R3,TURNS
WORK     LA    R4,100
TURN     BCT   R4,TURN
         BCT   R3,WORK
         CLC   OWN,COPY
         BNE   SPOILED
         LA    R1,SAFE
         LA    R2,L'SAFE+1
         SVC   WRITE
         SR    R1,R1
         SVC   EXIT
SPOILED  LA    R1,1
         SVC   EXIT
TURNS    DC    F'4000'
SAFE     DC    C'KEPT'
         DC    X'15'
         DS    0D
         DC    CL8'SECRET'
OWN      DC    CL8'{{secret}}'
COPY     DC    CL8'{{secret}}'
         END   KEEPER
