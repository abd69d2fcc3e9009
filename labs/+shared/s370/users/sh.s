*---------------------------------------------------------------------*
* SH - a shell of the smallest kind: types a prompt, reads the name   *
* of a program, forks, has the child execute that program, and waits  *
* for its end. An empty line ends it. What UNIX made of the process:  *
* to start a program is two calls, and between them the child may     *
* arrange what the program finds open.                                *
*---------------------------------------------------------------------*
R1       EQU   1
R2       EQU   2
R3       EQU   3
R4       EQU   4
R5       EQU   5
R12      EQU   12
R15      EQU   15
EXIT     EQU   0
WRITE    EQU   1
READ     EQU   2
WAIT     EQU   5
FORK     EQU   10
EXEC     EQU   11
SH       START 0
         USING SH,R12
         LR    R12,R15
PROMPT   LA    R1,DOLLAR
         LA    R2,L'DOLLAR
         SVC   WRITE
         LA    R1,LINE
         LA    R2,L'LINE
         SVC   READ
         LR    R5,R1
         BCTR  R5,0                without the end of the line
         LTR   R5,R5
         BNP   DONE
         CH    R5,MOST
         BNH   SHORT
         LH    R5,MOST
SHORT    MVC   NAME,BLANKS
         BCTR  R5,0
         EX    R5,COPY
         OC    NAME,BLANKS         capitals
         SVC   FORK
         LTR   R4,R1
         BM    NONE
         BZ    CHILD
         SVC   WAIT
         LTR   R1,R1
         BZ    PROMPT
NONE     LA    R1,SORRY
         LA    R2,L'SORRY+1
         SVC   WRITE
         B     PROMPT
CHILD    LA    R1,NAME
         SR    R2,R2
         SVC   EXEC
         LA    R1,127              still here: there is no such program
         SVC   EXIT
DONE     SR    R1,R1
         SVC   EXIT
COPY     MVC   NAME(0),LINE
MOST     DC    H'8'
DOLLAR   DC    C'$ '
BLANKS   DC    CL8' '
NAME     DS    CL8
SORRY    DC    C'?'
         DC    X'15'
LINE     DS    CL80
         END   SH
