*---------------------------------------------------------------------*
* A program that computes and does nothing else, {{pages}} pages large.
*---------------------------------------------------------------------*
HOG      START 0
         USING HOG,12
         LR    12,15
         L     4,TURNS
WORK     BCT   4,WORK
         SR    1,1
         SVC   0                   EXIT
TURNS    DC    F'{{turns}}'
         ORG   HOG+4096*{{pages}}-4
LAST     DS    F
         END   HOG
