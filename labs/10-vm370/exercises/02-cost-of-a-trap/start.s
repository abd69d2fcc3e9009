*---------------------------------------------------------------------*
* One instruction, over and over, with ordinary work in between.      *
*---------------------------------------------------------------------*
ROUNDS   EQU   {{rounds}}
WORK     EQU   {{work}}                  turns of ordinary work in a round
*
COST     START 0
         USING COST,0
         DC    A(0),A(MAIN)        00 the PSW it begins with
         ORG   COST+X'68'
         DC    X'00020000',A(X'DEAD')  68 program new: unexpected
*
         ORG   COST+X'800'
MAIN     LA    3,ROUNDS
         L     7,=A(BLOCK)
ROUND    {{instruction}}
         LA    4,WORK
TURN     BCT   4,TURN
         BCT   3,ROUND
         LPSW  GOOD
*
GOOD     DC    0D'0',X'00020000',A(0)  disabled wait
NOW      DC    D'0'
OFF      DC    X'00'
         LTORG
         ORG   COST+X'1000'
BLOCK    DS    F                   in a block of storage of its own
         END   MAIN
