* Writes each line by a Start I/O of its own and waits for the printer to end it.
GUEST    START 0
         USING GUEST,0
         DC    A(0),A(MAIN)
         ORG   GUEST+X'38'
IOOLD    DS    D
CSW      DS    D
CAW      DS    A
         ORG   GUEST+X'68'
         DC    X'00020000',A(X'DEAD')
         ORG   GUEST+X'78'
         DC    A(0),A(IOINT)
         ORG   GUEST+X'800'
MAIN     LA    3,{{copies}}               lines left to write
AGAIN    LA    1,WRITE
         ST    1,CAW
         SIO   X'00E'
         BNZ   BAD
HOLD     LPSW  WAITING
IOINT    TM    CSW+4,X'04'         device end
         BZ    HOLD
         BCT   3,AGAIN
         LPSW  GOOD
BAD      LPSW  FAILED
WAITING  DC    0D'0',X'FE020000',A(BAD)
GOOD     DC    0D'0',X'00020000',A(0)
FAILED   DC    0D'0',X'00020000',A(X'DEAD')
WRITE    CCW   X'09',MESSAGE,X'20',L'MESSAGE
MESSAGE  DC    C'{{message}}'
         END   MAIN
