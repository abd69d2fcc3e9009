EXIT     EQU   0
WRITE    EQU   1
SNOOP    START 0
         USING SNOOP,12
         LR    12,15
AGAIN    LA    3,2048(,12)         behind our own page
         LA    3,2048(,3)
SEARCH   CLC   0(8,3),MARK
         BE    THERE
         LA    3,8(,3)
         C     3,LIMIT
         BL    SEARCH
         B     AGAIN               they have not come yet
THERE    MVC   FOUND(8),8(3)
         LA    1,FOUND
         LA    2,9
         SVC   WRITE
         SR    1,1
         SVC   EXIT
FOUND    DC    C'????????',X'15'
MARK     DC    CL8'SECRET'
LIMIT    DC    A(X'30000')
         END   SNOOP
