*---------------------------------------------------------------------*
* A guest of your own. It begins at MAIN in the supervisor state,     *
* with all interruptions off.                                         *
*---------------------------------------------------------------------*
GUEST    START 0
         USING GUEST,0
         DC    A(0),A(MAIN)        00 the PSW it begins with
         ORG   GUEST+X'38'
IOOLD    DS    D                   38 I/O old PSW
CSW      DS    D                   40 channel status word
CAW      DS    A                   48 channel address word
         ORG   GUEST+X'68'
         DC    X'00020000',A(X'DEAD')  68 program new: unexpected
         ORG   GUEST+X'78'
         DC    X'00020000',A(X'DEAD')  78 I/O new: yours to fill in
*
         ORG   GUEST+X'800'
MAIN     LPSW  GOOD
*
GOOD     DC    0D'0',X'00020000',A(0)     disabled wait: the end
FAILED   DC    0D'0',X'00020000',A(X'DEAD')
         LTORG
         END   MAIN
