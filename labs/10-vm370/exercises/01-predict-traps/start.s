*---------------------------------------------------------------------*
* A supervisor and its user. The user calls the supervisor, and now   *
* and then tries what it may not do.                                  *
*---------------------------------------------------------------------*
PREDICT  START 0
         USING PREDICT,0
         DC    A(0),A(MAIN)        00 the PSW it begins with
         ORG   PREDICT+X'20'
SVCOLD   DS    D                   20 SVC old PSW
PGMOLD   DS    D                   28 program old PSW
         ORG   PREDICT+X'60'
         DC    A(0),A(SERVE)       60 SVC new PSW
         DC    A(0),A(PARDON)      68 program new PSW
*
         ORG   PREDICT+X'800'
MAIN     LA    3,{{rounds}}               rounds
         LPSW  TOUSER
*
USER     LA    4,{{calls}}                calls in each round
CALL     SVC   1
         {{harmless}}
         BCT   4,CALL
         {{forbidden}}
         BCT   3,USER
         SVC   0                   done
*
SERVE    CLI   SVCOLD+3,0
         BE    DONE
         {{service}}
         LPSW  SVCOLD
DONE     LPSW  GOOD
*
PARDON   LPSW  PGMOLD              go on behind the culprit
*
TOUSER   DC    0D'0',X'00010000',A(USER)  problem state
GOOD     DC    0D'0',X'00020000',A(0)     disabled wait
OFF      DC    X'00'
NOW      DS    D
         END   MAIN
