*---------------------------------------------------------------------*
* Looks for another user's secret: eight letters that follow the word *
* SECRET and two blanks, somewhere in core, on a doubleword boundary. *
* Yours to write; types what it has found, and ends with SVC 0.       *
*---------------------------------------------------------------------*
EXIT     EQU   0
WRITE    EQU   1
SNOOP    START 0
         USING SNOOP,12
         LR    12,15               where the program begins
*
         LA    1,FOUND
         LA    2,9
         SVC   WRITE
         SR    1,1
         SVC   EXIT
FOUND    DC    C'????????',X'15'
MARK     DC    CL8'SECRET'
LIMIT    DC    A(X'30000')         the end of core
         END   SNOOP
