*---------------------------------------------------------------------*
* DIGITS - three hundred digits of e                                  *
*                                                                     *
* A user program in the problem state computes the decimals of e,     *
* the base of the natural logarithms, and asks for the supervisor     *
* once, at the end. e is 2 + 1/2! + 1/3! + ..., which is a number     *
* with the "digits" 1, 1, 1, ... in a notation whose place i has the  *
* weight 1/i!. To multiply such a number by ten and carry over is to  *
* get its next decimal. Nothing but multiplying and dividing, for     *
* some seconds: a guest that would take all of the processor.         *
*                                                                     *
* Ends in a disabled wait: address 000000 good, 00DEAD bad.           *
*---------------------------------------------------------------------*
* storage: 64K
* expect: R2 = 0000012C
* expect: R4 = F7F1F8F2
* expect: R5 = F8F1F8F2
* expect: R6 = F4F4F9F9
* expect: R7 = F2F0F6F9
*---------------------------------------------------------------------*
R0       EQU   0
R1       EQU   1
R2       EQU   2                   result: how many decimals
R3       EQU   3                   where the next one goes
R4       EQU   4                   place i, as a number
R5       EQU   5                     and its address
R6       EQU   6                   carry and remainder,
R7       EQU   7                     the even-odd pair of M and D
R9       EQU   9
R12      EQU   12                  base of the user program
PLACES   EQU   180                 180! is more than ten to the 300
COUNT    EQU   300
*---------------------------------------------------------------------*
DIGITS   START 0
         USING DIGITS,R0
         DC    A(0),A(MAIN)        00 restart new PSW
         ORG   DIGITS+X'58'
         DC    X'00020000',A(X'DEAD')  58 external new: unexpected
         DC    A(0),A(SVC)             60 SVC new: the user is done
         DC    X'00020000',A(X'DEAD')  68 program new: unexpected
         DC    X'00020000',A(X'DEAD')  70 machine check: unexpected
         DC    X'00020000',A(X'DEAD')  78 I/O new: unexpected
         ORG   DIGITS+X'800'
MAIN     LPSW  USERPSW             into the problem state
SVC      LM    R4,R5,DECIMALS      the first eight
         LM    R6,R7,LAST          and the last eight
         CLC   DECIMALS,FIRSTS
         BNE   FAILED
         CLC   LAST,LASTS
         BNE   FAILED
         LPSW  GOOD
FAILED   LPSW  BAD
USERPSW  DC    0D'0',X'00010000',A(USER)
GOOD     DC    0D'0',X'00020000',A(0)
BAD      DC    0D'0',X'00020000',A(X'DEAD')
FIRSTS   DC    C'71828182'
LASTS    DC    C'44992069'
         LTORG
         DS    0F
DECIMALS DS    CL8
         DS    CL(COUNT-16)
LAST     DS    CL8
         DS    0F
PLACE2   DS    (PLACES-2)F
LASTPLC  DS    F
*---------------------------------------------------------------------*
         ORG   DIGITS+X'1000'
USER     BALR  R12,0
         USING *,R12
*                                  every place from 2 on begins as 1
         LA    R0,1
         LA    R4,PLACES-1
         LA    R5,PLACE2
ONES     ST    R0,0(,R5)
         LA    R5,4(,R5)
         BCT   R4,ONES
         SR    R2,R2
         LA    R3,DECIMALS
NEXT     SR    R6,R6               no carry into the last place
         LA    R4,PLACES
         LA    R5,LASTPLC
         LA    R9,1                the first place that is not there
PLACE    LR    R1,R6               carry from the place to the right
         L     R7,0(,R5)
         M     R6,TEN              ten times the place
         AR    R7,R1                 and the carry
         DR    R6,R4               remainder stays, quotient goes left
         ST    R6,0(,R5)
         LR    R6,R7
         SH    R5,FOUR
         BCTR  R4,0
         CR    R4,R9
         BH    PLACE
         LA    R7,C'0'(,R7)        what leaves place 2 is the decimal
         STC   R7,0(,R3)
         LA    R3,1(,R3)
         LA    R2,1(,R2)
         CH    R2,WANTED
         BL    NEXT
         SVC   0
TEN      DC    F'10'
FOUR     DC    H'4'
WANTED   DC    Y(COUNT)
         END   DIGITS
