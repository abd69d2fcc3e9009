*---------------------------------------------------------------------*
* PIPES - fork and pipe: the child writes twenty numbers into a pipe, *
* the parent adds up what it reads from it until the end, waits for   *
* the child and types the sum (210).                                  *
*---------------------------------------------------------------------*
R0       EQU   0
R1       EQU   1
R2       EQU   2
R3       EQU   3
R4       EQU   4
R5       EQU   5
R6       EQU   6
R7       EQU   7
R8       EQU   8
R12      EQU   12
R15      EQU   15
EXIT     EQU   0
WRITE    EQU   1
WAIT     EQU   5
GET      EQU   7
PUT      EQU   8
CLOSE    EQU   9
FORK     EQU   10
PIPE     EQU   12
PIPES    START 0
         USING PIPES,R12
         LR    R12,R15
         SVC   PIPE
         LTR   R6,R1               R6 to read from
         BM    FAILED
         LR    R7,R2               R7 to write to
         SVC   FORK
         LTR   R8,R1
         BM    FAILED
         BZ    CHILD
         LR    R3,R7               the parent only reads
         SVC   CLOSE
         SR    R5,R5
READ     LA    R1,NUMBER
         LA    R2,4
         LR    R3,R6
         SVC   GET
         LTR   R1,R1
         BZ    DONE
         BM    FAILED
         A     R5,NUMBER
         B     READ
DONE     LR    R1,R8
         SVC   WAIT
         CH    R1,SEVEN
         BNE   FAILED
         CVD   R5,PACKED
         UNPK  ANSWER+6(4),PACKED
         OI    ANSWER+9,X'F0'
         LA    R1,ANSWER
         LA    R2,L'ANSWER+1
         SVC   WRITE
         SR    R1,R1
         SVC   EXIT
CHILD    LR    R3,R6
         SVC   CLOSE
         LA    R4,20
SEND     ST    R4,NUMBER
         LA    R1,NUMBER
         LA    R2,4
         LR    R3,R7
         SVC   PUT
         LTR   R1,R1
         BM    FAILED
         BCT   R4,SEND
         LA    R1,7
         SVC   EXIT
FAILED   LA    R1,1
         SVC   EXIT
PACKED   DS    D
NUMBER   DS    F
SEVEN    DC    H'7'
ANSWER   DC    CL10'PIPES'
         DC    X'15'
         LTORG
         END   PIPES
