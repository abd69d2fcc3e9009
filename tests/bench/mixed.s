* The mixed loop of the interpreter benchmark: nine instructions for each of 64 words, a typical share of loads,
* stores, storage-to-storage work and branches. Ends in a disabled wait; BEGIN and FINISH are the clock's readings.
MIXED    START 0
         USING MIXED,0
         DC    X'00000000',A(GO)
         ORG   MIXED+X'200'
GO       STCK  BEGIN
         L     9,TIMES
OUTER    LA    5,TABLE
         LA    6,4
         LA    7,TABLE+252
INNER    L     2,0(5)
         A     2,ONE
         ST    2,0(5)
         MVC   WORK(4),0(5)
         CLC   WORK(4),0(5)
         BC    7,BAD
         A     3,0(5)
         BCT   8,NEXT
NEXT     BXLE  5,6,INNER
         BCT   9,OUTER
         STCK  FINISH
         LPSW  DONE
BAD      LPSW  WRONG
         ORG   MIXED+X'400'
BEGIN    DS    D
FINISH   DS    D
DONE     DC    X'0002000000000000'
WRONG    DC    X'000200000000DEAD'
TIMES    DC    F'35000'
ONE      DC    F'1'
WORK     DS    F
         ORG   MIXED+X'500'
TABLE    DC    64F'0'
         END
