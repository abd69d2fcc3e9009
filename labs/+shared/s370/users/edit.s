*---------------------------------------------------------------------*
* EDIT - what most commands are: little work between two lines at the *
* terminal. Keeps a file of lines on the disk, adds one to it for     *
* each turn that its argument asks for, reads the file again and      *
* types how many characters it has found to be its own.               *
*---------------------------------------------------------------------*
R0       EQU   0
R1       EQU   1
R2       EQU   2
R3       EQU   3
R4       EQU   4
R5       EQU   5
R6       EQU   6
R7       EQU   7
R12      EQU   12
R15      EQU   15
EXIT     EQU   0
WRITE    EQU   1
OPEN     EQU   6
GET      EQU   7
PUT      EQU   8
EDIT     START 0
         USING EDIT,R12
         LR    R12,R15
         LR    R4,R1
         LTR   R4,R4
         BP    NAMED
         LA    R4,1
NAMED    CVD   R0,PACKED           a file of our own: its name is
         UNPK  NAME+1(7),PACKED      the number of the process
         OI    NAME+7,X'F0'
         LA    R1,NAME
         SVC   OPEN
         LTR   R3,R1
         BM    FAILED
         LR    R5,R4
ADD      LA    R1,LINE
         LA    R2,L'LINE
         SVC   PUT
         CH    R1,LENGTH
         BNE   FAILED
         BCT   R5,ADD
         LA    R1,NAME
         SVC   OPEN                from the beginning
         LTR   R3,R1
         BM    FAILED
         SR    R6,R6
READ     LA    R1,BUFFER
         LA    R2,L'BUFFER
         SVC   GET
         LTR   R1,R1
         BZ    DONE
         BM    FAILED
         CLC   BUFFER,LINE
         BNE   FAILED
         AR    R6,R1
         B     READ
DONE     CVD   R6,PACKED
         UNPK  ANSWER+5(6),PACKED
         OI    ANSWER+10,X'F0'
         LA    R1,ANSWER
         LA    R2,L'ANSWER+1
         SVC   WRITE
         SR    R1,R1
         SVC   EXIT
FAILED   LA    R1,1
         SVC   EXIT
PACKED   DS    D
LENGTH   DC    H'64'
NAME     DC    C'F       '
LINE     DC    CL64'THE QUICK BROWN FOX JUMPS OVER THE LAZY DOG'
BUFFER   DS    CL64
ANSWER   DC    CL11'EDIT'
         DC    X'15'
         LTORG
         END   EDIT
