* Counts the words of cards by TRT under EX, edits the number, folds the last word by TR.
*< JOHN DOE    4001250
*< MARY SMITH  4551525
*< KEN IVERSON 3802000
*< F. BROOKS   5209999
*> psw 0002000000000000
*> r7 0000000C
*> console   12 5209999
W        START X'2000'
         BALR  11,0
         USING *,11
         SR    7,7
READ     LA    1,RC
         ST    1,72
         SIO   12
         BC    4,CHK
         BC    3,READ
RW       TIO   12
         BC    2,RW
         BC    4,ST1
         B     GOT
ST1      TM    68,X'03'
         BNZ   EOF
         B     RW
CHK      TM    68,X'03'
         BNZ   EOF
         B     READ
GOT      LA    3,CARD
SCAN     LA    4,CARD+80
         SR    4,3
         BNP   READ
         BCTR  4,0
         LA    1,CARD+80
         EX    4,FIND
         BZ    READ
         LR    3,1
         LA    7,1(7)
         LA    4,CARD+80
         SR    4,3
         BCTR  4,0
         LA    1,CARD+80
         EX    4,BLANK
         LR    5,1
         SR    5,3
         BCTR  5,0
         EX    5,COPY
         LR    3,1
         B     SCAN
FIND     TRT   0(0,3),NONBLANK
BLANK    TRT   0(0,3),ISBLANK
COPY     MVC   WORD(0),0(3)
EOF      CVD   7,PK
         MVC   OUT,=X'4020202120'
         ED    OUT,PK+6
         TR    WORD,LOW
         LA    1,PC
         ST    1,72
         SIO   9
PW       TIO   9
         BC    7,PW
         LPSW  =X'0002000000000000'
PK       DS    D
RC       CCW   2,CARD,X'20',80
PC       CCW   9,OUT,X'20',5+8
CARD     DS    CL80
OUT      DS    CL5
WORD     DC    CL8' '
NONBLANK DC    64X'01',X'00',191X'01'
ISBLANK  DC    64X'00',X'01',191X'00'
LOW      DC    256AL1(*-LOW)
         ORG   LOW+C'A'
         DC    X'818283848586878889'
         ORG   LOW+C'J'
         DC    X'919293949596979899'
         ORG   LOW+C'S'
         DC    X'A2A3A4A5A6A7A8A9'
         ORG
         LTORG
         END   W
