*---------------------------------------------------------------------*
* LPSW - a supervisor that does nothing but supervise                 *
*                                                                     *
* Loops over the instructions that only the supervisor state may      *
* execute: load PSW, masks, control registers, storage keys, PSW key, *
* clocks, translation buffer. Each result is read back and checked.   *
* The real machine executes them as it executes all others. A virtual *
* machine really runs in the problem state, so each one of them traps *
* to the monitor, which must simulate it: the worst case for trap and *
* emulate.                                                            *
*                                                                     *
* Ends in a disabled wait: address 000000 good, 00DEAD bad.           *
*---------------------------------------------------------------------*
* storage: 64K
* expect: R2 = 0128AD38
* expect: storage SUM = 0128AD38
*---------------------------------------------------------------------*
R0       EQU   0
R1       EQU   1
R2       EQU   2                   IPK delivers here; the result
R3       EQU   3                   rounds left
R4       EQU   4                   number of the round
R5       EQU   5                   key of the round
R6       EQU   6                   sum
R7       EQU   7
R8       EQU   8                   address of the block BLOCK
ROUNDS   EQU   6000
EXTIO    EQU   X'03'               system mask: external and I/O
*---------------------------------------------------------------------*
LPSWDEMO START 0
         USING LPSWDEMO,R0
         DC    A(0),A(MAIN)        00 restart new PSW
         ORG   LPSWDEMO+X'58'
         DC    X'00020000',A(X'DEAD')  58 external new: unexpected
         DC    X'00020000',A(X'DEAD')  60 SVC new: unexpected
         DC    X'00020000',A(X'DEAD')  68 program new: unexpected
         DC    X'00020000',A(X'DEAD')  70 machine check: unexpected
         DC    X'00020000',A(X'DEAD')  78 I/O new: unexpected
*---------------------------------------------------------------------*
* Extended-control mode, everything disabled. Control registers 0 and *
* 2 keep timers and channels quiet even while the system mask is      *
* open.                                                               *
*---------------------------------------------------------------------*
         ORG   LPSWDEMO+X'800'
MAIN     LPSW  ECMODE
BEGIN    STCTL R0,R0,CR0           leave the other bits as they are
         NI    CR0+2,X'03'         no external interruption
         NI    CR0+3,X'1F'
         LCTL  R0,R0,CR0
         LCTL  2,2,ZERO            no channel
         L     R3,=A(ROUNDS)
         SR    R4,R4
         SR    R6,R6
         L     R8,=A(BLOCK)
*
ROUND    LA    R4,1(,R4)
         LR    R5,R4               the round's number makes its key
         SLL   R5,4
         N     R5,=X'000000F0'
*
* The system mask: open, then close. Each stores the mask before.
*
         STOSM MASK,EXTIO
         CLI   MASK,0
         BNE   BAD
         STNSM MASK,255-EXTIO
         CLI   MASK,EXTIO
         BNE   BAD
         SSM   CLOSED
*
* The PSW: go on behind it, with the condition code it brings.
*
         LPSW  EQUAL
LOADED   BNE   BAD
*
* A control register, there and back.
*
         ST    R4,CR8
         LCTL  8,8,CR8
         STCTL 8,8,CR8NOW
         A     R6,CR8NOW
*
* A storage key, there and back. Storing sets reference and change
* bit; Reset Reference Bit tells both: condition code 3.
*
         SSK   R5,R8
         SR    R7,R7
         ISK   R7,R8
         AR    R6,R7
         ST    R4,0(,R8)
         RRB   0(R8)
         BNO   BAD
         RRB   0(R8)               now it is reset: condition code 1,
         BC    11,BAD                changed but not referenced
*
* The key in the PSW, there and back.
*
         SR    R2,R2
         SPKA  0(R5)
         IPK
         SPKA  0
         AR    R6,R2
*
* Clock comparator, CPU timer, translation buffer.
*
         ST    R4,TIME
         SCKC  TIME
         STCKC TIMENOW
         CLC   TIME,TIMENOW
         BNE   BAD
         SPT   TIME
         STPT  TIMENOW
         CLC   TIMENOW,TIME        it counts down
         BH    BAD
         PTLB
         BCT   R3,ROUND
*
         ST    R6,SUM
         LR    R2,R6
         C     R2,ANSWER
         BNE   BAD
         LPSW  GOOD
BAD      LPSW  FAILED
*---------------------------------------------------------------------*
ECMODE   DC    0D'0',X'00080000',A(BEGIN)   extended control
EQUAL    DC    0D'0',X'00080000',A(LOADED)  condition code 0
GOOD     DC    0D'0',X'000A0000',A(0)
FAILED   DC    0D'0',X'000A0000',A(X'DEAD')
TIME     DC    D'0'
TIMENOW  DS    D
ZERO     DC    F'0'
CR0      DS    F
CR8      DS    F
CR8NOW   DS    F
SUM      DS    F
ANSWER   DC    X'0128AD38'
MASK     DS    X
CLOSED   DC    X'00'
         LTORG
         ORG   LPSWDEMO+X'1000'
BLOCK    DS    F                   in a block of storage of its own
         END   MAIN
