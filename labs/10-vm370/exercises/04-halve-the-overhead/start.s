*---------------------------------------------------------------------*
* Prints {{lines}} lines, one after the other, as a careful programmer on  *
* a machine of his own does it. Make it cost CP less than half.       *
*---------------------------------------------------------------------*
LINES    EQU   {{lines}}
STEP     EQU   {{step}}                  from number to number
*
HALVE    START 0
         USING HALVE,0
         DC    A(0),A(MAIN)        00 the PSW it begins with
         ORG   HALVE+X'38'
IOOLD    DS    D                   38 I/O old PSW
CSW      DS    D                   40 channel status word
CAW      DS    A                   48 channel address word
         ORG   HALVE+X'68'
         DC    X'00020000',A(X'DEAD')  68 program new: unexpected
         ORG   HALVE+X'78'
         DC    X'00020000',A(X'DEAD')  78 I/O new: unexpected
*
         ORG   HALVE+X'800'
MAIN     LA    3,LINES
         LA    4,STEP
NEXT     STNSM MASK,0              nobody may come in between
         CVD   4,DECIMAL
         UNPK  NUMBER,DECIMAL+5(3)
         OI    NUMBER+4,X'F0'
         SSM   MASK
         LA    1,PRINT
         ST    1,CAW
START    SIO   X'00E'
         BC    2,START             busy: again
         BC    5,BAD
POLL     TIO   X'00E'              has it finished?
         BC    2,POLL              no
         BC    4,POLL              it has something to say: once more
         BC    1,BAD
         STNSM MASK,0
         LA    4,STEP(,4)
         SSM   MASK
         BCT   3,NEXT
         LPSW  GOOD
BAD      LPSW  FAILED
*
GOOD     DC    0D'0',X'00020000',A(0)
FAILED   DC    0D'0',X'00020000',A(X'DEAD')
PRINT    CCW   X'09',TEXT,X'20',LENGTH
TEXT     DC    C'{{text}} '
NUMBER   DC    C'00000'
LENGTH   EQU   *-TEXT
DECIMAL  DS    D
MASK     DS    X
         END   MAIN
