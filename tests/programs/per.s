* Program-event recording of branches and stores: address, code and place of each event at 2000.
*> psw 000A000000000ACE
*> dump 2000 000400802000000000000304000400808000
*> dump 2030 000400802000000000000304
P        START 0
         DC    X'0008000000000200'
         ORG   P+X'68'
         DC    X'0008000000000400'
         ORG   P+X'200'
         USING P,0
         LA    9,X'200'
         SLL   9,4
         LCTL  9,11,CRS
         LPSW  ON
         ORG   P+X'300'
         LA    2,3
L        ST    2,X'800'
         STC   2,X'900'
         BCT   2,L
         MVC   X'7FE'(4),X'800'
         SVC   0
         ORG   P+X'60'
         DC    X'000A000000000ACE'
         ORG   P+X'400'
         MVC   0(4,9),140
         MVC   4(4,9),150
         MVC   8(4,9),152
         LA    9,12(9)
         LPSW  40
         DS    0D
ON       DC    X'4008000000000300'
CRS      DC    X'A0000000',A(X'800'),A(X'8FF')
         END
