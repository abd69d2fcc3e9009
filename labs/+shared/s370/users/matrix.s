*---------------------------------------------------------------------*
* MATRIX - a long computation over much storage: fills 32 K with      *
* numbers, then adds them up row by row and column by column (which   *
* touches every page again and again), as many times as its argument  *
* says. Types the sum, which is the same either way.                  *
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
R9       EQU   9
R10      EQU   10
R12      EQU   12
R15      EQU   15
EXIT     EQU   0
WRITE    EQU   1
ROWS     EQU   8                   of one page each
MATRIX   START 0
         USING MATRIX,R12
         LR    R12,R15
         LR    R10,R1
         LTR   R10,R10
         BP    FILL
         LA    R10,1
FILL     LR    R3,R12              the table begins on the next page
         A     R3,OFFSET
         L     R4,WORDS
         LA    R5,1
FILLING  ST    R5,0(,R3)
         MH    R5,FACTOR
         LA    R5,17(,R5)
         N     R5,MASK
         LA    R3,4(,R3)
         BCT   R4,FILLING
AGAIN    SR    R6,R6               by rows
         LR    R3,R12
         A     R3,OFFSET
         L     R4,WORDS
         SRL   R4,4                every sixteenth word
ROW      A     R6,0(,R3)
         LA    R3,64(,R3)
         BCT   R4,ROW
         SR    R7,R7               by columns
         LR    R8,R12
         A     R8,OFFSET
         LA    R9,64
COLUMN   LR    R3,R8
         LA    R4,ROWS
DOWN     A     R7,0(,R3)
         A     R3,PAGE
         BCT   R4,DOWN
         LA    R8,64(,R8)
         BCT   R9,COLUMN
         CR    R6,R7
         BNE   WRONG
         BCT   R10,AGAIN
         N     R6,MASK
         CVD   R6,PACKED
         UNPK  ANSWER+7(10),PACKED
         OI    ANSWER+16,X'F0'
         LA    R1,ANSWER
         LA    R2,L'ANSWER+1
         SVC   WRITE
         SR    R1,R1
         SVC   EXIT
WRONG    LA    R1,1                somebody has changed our numbers
         SVC   EXIT
PACKED   DS    D
OFFSET   DC    F'4096'
PAGE     DC    F'4096'
WORDS    DC    A(ROWS*1024)
MASK     DC    X'00FFFFFF'
FACTOR   DC    H'13'
ANSWER   DC    CL17'MATRIX'
         DC    X'15'
         LTORG
         ORG   MATRIX+4096
TABLE    DS    XL(ROWS*4096)
         END   MATRIX
