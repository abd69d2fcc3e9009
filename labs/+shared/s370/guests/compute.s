*---------------------------------------------------------------------*
* COMPUTE - nothing but work                                          *
*                                                                     *
* A few supervisor instructions start a user program in the problem   *
* state. The user program finds the prime numbers below 65536 with    *
* the sieve of Eratosthenes and asks for the supervisor once, at the  *
* end. All it executes in between are unprivileged instructions: a    *
* virtual machine should run them as fast as the real one.            *
*                                                                     *
* Ends in a disabled wait: address 000000 good, 00DEAD bad.           *
*---------------------------------------------------------------------*
* storage: 128K
* expect: R2 = 0000198E
* expect: R3 = 0000FFF1
* expect: storage RESULT = 0000198E 0000FFF1
*---------------------------------------------------------------------*
R0       EQU   0
R1       EQU   1
R2       EQU   2                   result: how many primes
R3       EQU   3                   result: the largest of them
R4       EQU   4                   start of the sieve
R5       EQU   5                   number at hand
R6       EQU   6                   step of BXLE,
R7       EQU   7                     and its limit
R8       EQU   8                   multiple of the number
R9       EQU   9
R12      EQU   12                  base of the user program
USERKEY  EQU   X'80'               storage key 8
SIZE     EQU   65536               the sieve has a byte for each number
*---------------------------------------------------------------------*
COMPUTE  START 0
         USING COMPUTE,R0
         DC    A(0),A(MAIN)        00 restart new PSW
         ORG   COMPUTE+X'58'
         DC    X'00020000',A(X'DEAD')  58 external new: unexpected
         DC    A(0),A(SVC)             60 SVC new: the user is done
         DC    X'00020000',A(X'DEAD')  68 program new: unexpected
         DC    X'00020000',A(X'DEAD')  70 machine check: unexpected
         DC    X'00020000',A(X'DEAD')  78 I/O new: unexpected
*---------------------------------------------------------------------*
* Supervisor. Every 2048 bytes of storage have a key; the user's      *
* blocks get key 8, and the user's PSW has key 8, so that the user    *
* can store nowhere else.                                             *
*---------------------------------------------------------------------*
         ORG   COMPUTE+X'800'
MAIN     LA    R0,USERKEY
         L     R1,=A(USER)         first block of the user
         LA    R9,1
         SLL   R9,11               2048
         L     R8,=A(SIEVE+SIZE)   behind the last one
SETKEY   SSK   R0,R1
         AR    R1,R9
         CR    R1,R8
         BL    SETKEY
         LPSW  USERPSW             into the problem state
*---------------------------------------------------------------------*
* The user's one supervisor call: keep the results and stop.          *
*---------------------------------------------------------------------*
SVC      STM   R2,R3,RESULT
         CLC   RESULT(8),ANSWER
         BNE   BAD
         LPSW  GOOD
BAD      LPSW  FAILED
*
RESULT   DS    2F
ANSWER   DC    F'6542',F'65521'    there are 6542, the last is 65521
USERPSW  DC    0D'0',X'00810000',A(USER)  key 8, problem state
GOOD     DC    0D'0',X'00020000',A(0)
FAILED   DC    0D'0',X'00020000',A(X'DEAD')
         LTORG
*---------------------------------------------------------------------*
* User program. A byte of the sieve is 0 as long as its number may be *
* prime. Register 12 is the base: the user is not below 4096.         *
*---------------------------------------------------------------------*
         ORG   COMPUTE+X'1000'
USER     BALR  R12,0
         USING *,R12
         L     R4,=A(SIEVE)
         LR    R8,R4               clear the sieve: move long from
         L     R9,=A(SIZE)           nowhere, padding with zeros
         SR    R6,R6
         SR    R7,R7
         MVCL  R8,R6
*
* For each prime up to the square root, cross out its multiples.
*
         LA    R5,2
         LR    R7,R4
         A     R7,=A(SIZE-1)       the last byte of the sieve
NEXT     LR    R1,R4
         AR    R1,R5
         CLI   0(R1),0             crossed out before?
         BNE   SKIP
         LR    R9,R5               its square is the first multiple
         MR    R8,R5                 not yet crossed out
         LA    R8,0(R4,R9)
         LR    R6,R5
CROSS    MVI   0(R8),1
         BXLE  R8,R6,CROSS         next multiple, while inside
SKIP     LA    R5,1(,R5)
         CH    R5,=H'256'
         BL    NEXT
*
* Count what is left.
*
         SR    R2,R2
         LA    R8,2(,R4)
         LA    R6,1
COUNT    CLI   0(R8),0
         BNE   NOPRIME
         LA    R2,1(,R2)
         LR    R3,R8
NOPRIME  BXLE  R8,R6,COUNT
         SR    R3,R4               address to number
         SVC   0                   done
         LTORG
         ORG   COMPUTE+X'2000'
SIEVE    EQU   *
         ORG   COMPUTE+X'2000'
         END   MAIN
