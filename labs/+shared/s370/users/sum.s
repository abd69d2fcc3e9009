*---------------------------------------------------------------------*
* SUM - a short command: adds and multiplies for a moment, and types  *
* the result. Its argument (R1) says how long: so many thousand turns *
* of a congruential generator, of which the last number is the        *
* answer. A program of a time-sharing system runs wherever it is put: *
* it addresses everything from R15, and holds no address.             *
*---------------------------------------------------------------------*
R0       EQU   0
R1       EQU   1
R2       EQU   2
R3       EQU   3
R4       EQU   4
R5       EQU   5
R12      EQU   12
R15      EQU   15
EXIT     EQU   0
WRITE    EQU   1
SUM      START 0
         USING SUM,R12
         LR    R12,R15
         LR    R3,R1
         LTR   R3,R3
         BP    TURNS
         LA    R3,1                without an argument: one
TURNS    MH    R3,PERUNIT
         LA    R5,1
NEXT     M     R4,FACTOR           x = 16807 x mod 2**31 - 1, about
         SRDL  R4,0
         A     R5,CONST
         N     R5,MASK
         BCT   R3,NEXT
         CVD   R5,PACKED
         UNPK  ANSWER+4(10),PACKED
         OI    ANSWER+13,X'F0'
         LA    R1,ANSWER
         LA    R2,L'ANSWER+1
         SVC   WRITE
         SR    R1,R1
         SVC   EXIT
PACKED   DS    D
FACTOR   DC    F'16807'
CONST    DC    F'12345'
MASK     DC    X'7FFFFFFF'
PERUNIT  DC    H'200'
ANSWER   DC    CL14'SUM'
         DC    X'15'
         LTORG
         END   SUM
