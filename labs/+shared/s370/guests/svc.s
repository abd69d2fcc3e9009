*---------------------------------------------------------------------*
* SVC - a user program that keeps calling its supervisor              *
*                                                                     *
* The user program runs in the problem state and owns nothing. To     *
* draw random numbers and to add them up it issues supervisor calls;  *
* a tiny supervisor serves them and goes back with Load PSW. On a     *
* real machine such a round trip costs two exchanges of PSWs. In a    *
* virtual machine the monitor must pass each call to the supervisor,  *
* and each Load PSW of the supervisor is a privileged operation.      *
*                                                                     *
* Ends in a disabled wait: address 000000 good, 00DEAD bad.           *
*---------------------------------------------------------------------*
* storage: 64K
* expect: R2 = 137A3BD8
* expect: storage CALLS = 00004E21
*---------------------------------------------------------------------*
R0       EQU   0                   parameter and answer of the calls
R1       EQU   1
R2       EQU   2                   result
R3       EQU   3
R4       EQU   4
R5       EQU   5
R12      EQU   12                  base of the user program
R14      EQU   14
R15      EQU   15
ROUNDS   EQU   10000               two calls each
*
EXIT     EQU   0                   SVC numbers: the end
RANDOM   EQU   1                   R0 := next random number
ADD      EQU   2                   total := total + R0
LAST     EQU   2
*---------------------------------------------------------------------*
SVCDEMO  START 0
         USING SVCDEMO,R0
         DC    A(0),A(MAIN)        00 restart new PSW
         ORG   SVCDEMO+X'20'
SVCOLD   DS    D                   20 SVC old PSW
         ORG   SVCDEMO+X'58'
         DC    X'00020000',A(X'DEAD')  58 external new: unexpected
         DC    A(0),A(SVCINT)          60 SVC new
         DC    X'00020000',A(X'DEAD')  68 program new: unexpected
         DC    X'00020000',A(X'DEAD')  70 machine check: unexpected
         DC    X'00020000',A(X'DEAD')  78 I/O new: unexpected
*---------------------------------------------------------------------*
* Start the user: give it its storage, key 8, and load its PSW.       *
*---------------------------------------------------------------------*
         ORG   SVCDEMO+X'800'
MAIN     LA    R0,X'80'            key 8
         L     R1,=A(USER)
         SSK   R0,R1               for the user's 2048 bytes
         LPSW  USERPSW
*---------------------------------------------------------------------*
* Supervisor call. In BC mode the old PSW carries the number of the   *
* call in its second halfword. Registers 14 and 15 are the            *
* supervisor's while it works, so the user's are kept meanwhile.      *
*---------------------------------------------------------------------*
SVCINT   STM   R14,R15,SAVE
         L     R14,CALLS
         LA    R14,1(,R14)
         ST    R14,CALLS           count the calls
         LH    R15,SVCOLD+2
         CH    R15,=AL2(LAST)
         BH    BAD                 no such service
         SLL   R15,2               4 bytes for each in the table
         L     R15,SERVICES(R15)
         BR    R15
SERVICES DC    A(DOEXIT,DORANDOM,DOADD)
*
DORANDOM L     R15,SEED            a linear congruential generator:
         MH    R15,=H'25173'         seed := seed * 25173 + 13849
         A     R15,=F'13849'
         N     R15,=X'0000FFFF'        modulo 65536
         ST    R15,SEED
         LR    R0,R15
         B     BACK
*
DOADD    L     R15,TOTAL
         AR    R15,R0
         ST    R15,TOTAL
         LR    R0,R15
*
BACK     LM    R14,R15,SAVE
         LPSW  SVCOLD              back behind the user's SVC
*
DOEXIT   L     R2,TOTAL
         C     R2,ANSWER
         BNE   BAD
         LPSW  GOOD
BAD      LPSW  FAILED
*
SAVE     DS    2F
CALLS    DC    F'0'
SEED     DC    F'1'
TOTAL    DC    F'0'
ANSWER   DC    X'137A3BD8'         the sum of all random numbers
USERPSW  DC    0D'0',X'00810000',A(USER)  key 8, problem state
GOOD     DC    0D'0',X'00020000',A(0)
FAILED   DC    0D'0',X'00020000',A(X'DEAD')
         LTORG
*---------------------------------------------------------------------*
* The user program.                                                   *
*---------------------------------------------------------------------*
         ORG   SVCDEMO+X'1000'
USER     BALR  R12,0
         USING *,R12
         L     R3,=A(ROUNDS)
LOOP     SVC   RANDOM
         SVC   ADD
         BCT   R3,LOOP
         SVC   EXIT
         LTORG
         END   MAIN
