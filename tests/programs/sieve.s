* Primes below 8192: a table filled by MVCL, two lines on the printer by a chained program.
*> psw 0002000000001111
*> r7 00000404
*> r8 00001FFF
*> printer PRIMES:     1028      8191
*> printer PRIMES:
         PRINT NOGEN
SIEVE    CSECT
         USING SIEVE,15
         ORG   SIEVE+X'300'
START    BALR  11,0
         USING *,11
         DROP  15
         LA    2,TABLE
         L     0,=A(TABLE)
         L     1,=F'8192'
         SR    4,4
         SR    5,5
         LR    14,0
         LR    15,1
         LA    8,0
         L     9,=X'01000000'
         MVCL  14,8              FILL WITH 01
         SR    7,7
         LA    4,2
OUTER    L     6,=A(TABLE)
         AR    6,4
         CLI   0(6),1
         BNE   NEXT
         LA    7,1(7)
         LR    8,4
         LR    5,4
INNER    AR    5,4
         C     5,=F'8192'
         BNL   NEXT
         L     6,=A(TABLE)
         AR    6,5
         MVI   0(6),0
         B     INNER
NEXT     LA    4,1(4)
         C     4,=F'8192'
         BL    OUTER
         CVD   7,WORK
         MVC   LINE+10(6),=X'402020202120'
         ED    LINE+10(6),WORK+5
         CVD   8,WORK
         MVC   LINE+20(6),=X'402020202120'
         ED    LINE+20(6),WORK+5
         LA    1,PRT
         ST    1,72
         SIO   14
         BC    7,ERR
         TIO   14
         BC    7,*-4
         LPSW  =X'0002000000001111'
ERR      LPSW  =X'000200000000DEAD'
         DS    0D
PRT      DC    X'09',AL3(LINE),X'60000020'
         DC    X'11',AL3(LINE),X'20000008'
LINE     DC    CL32'PRIMES:'
WORK     DS    D
         LTORG
         DS    0D
TABLE    DS    CL4096
         DS    CL4096
         END   START
