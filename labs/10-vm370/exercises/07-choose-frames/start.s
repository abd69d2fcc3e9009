*---------------------------------------------------------------------*
* Goes round a ring of {{pages}} pages, and calls its supervisor {{calls}} times *
* in every round.                                                     *
*---------------------------------------------------------------------*
FRAMES   START 0
         USING FRAMES,0
         DC    A(0),A(MAIN)        00 the PSW it begins with
         ORG   FRAMES+X'20'
SVCOLD   DS    D                   20 SVC old PSW
         ORG   FRAMES+X'60'
         DC    A(0),A(SERVE)       60 SVC new PSW
         DC    X'00020000',A(X'DEAD')  68 program new: unexpected
*
         ORG   FRAMES+X'800'
MAIN     LPSW  TOUSER
USER     LA    3,{{rounds}}               rounds
ROUND    L     5,=A(RING)
         LA    6,{{pages}}
TOUCH    L     7,0(,5)             one word of each page
         LA    7,1(,7)
         ST    7,0(,5)
         A     5,=F'4096'
         BCT   6,TOUCH
         LA    4,{{calls}}
CALL     SVC   1
         BCT   4,CALL
         BCT   3,ROUND
         SVC   0                   done
SERVE    CLI   SVCOLD+3,0
         BE    DONE
         SSM   OFF
         LPSW  SVCOLD
DONE     LPSW  GOOD
*
TOUSER   DC    0D'0',X'00010000',A(USER)
GOOD     DC    0D'0',X'00020000',A(0)
OFF      DC    X'00'
         LTORG
RING     EQU   FRAMES+X'4000'
         END   MAIN
