*---------------------------------------------------------------------*
* DESK - an operating system for one user, as small as it can be: it  *
* starts one program, serves its supervisor calls, and stops the      *
* machine when the program ends. What a virtual machine for each user *
* needs in each of them. It trusts its user: nothing protects it.     *
* The program follows from PROGRAM on.                                *
*                                                                     *
* Ends in a disabled wait: address 000000 good, 00DEAD bad.           *
*---------------------------------------------------------------------*
R0       EQU   0
R1       EQU   1
R2       EQU   2
R3       EQU   3
R4       EQU   4
R5       EQU   5
R15      EQU   15
PRINTER  EQU   X'00E'
DESK     START 0
         USING DESK,R0
         DC    A(0),A(MAIN)        00 restart new PSW
         ORG   DESK+X'20'
SVCOLD   DS    D                   20 SVC old PSW
         ORG   DESK+X'40'
CSW      DS    D                   40 channel status word
CAW      DS    A                   48 channel address word
         ORG   DESK+X'58'
         DC    X'00020000',A(X'DEAD')  58 external new: unexpected
         DC    A(0),A(CALLED)      60 SVC new
         DC    X'00020000',A(X'DEAD')  68 program new: the user's fault
         DC    X'00020000',A(X'DEAD')  70 machine check: unexpected
         DC    A(0),A(IOENDS)      78 I/O new
*---------------------------------------------------------------------*
         ORG   DESK+X'800'
MAIN     L     R15,TOUSER+4
         L     R1,ARGUMENT
         LA    R0,1
         LPSW  TOUSER
*---------------------------------------------------------------------*
* A supervisor call; its number is in the old PSW.                    *
*---------------------------------------------------------------------*
CALLED   STM   R0,R15,SAVED
         CLI   SVCOLD+3,0
         BE    EXIT
         CLI   SVCOLD+3,1
         BE    WRITE
         CLI   SVCOLD+3,6
         BE    OPEN
         CLI   SVCOLD+3,7
         BE    GET
         CLI   SVCOLD+3,8
         BE    PUT
BAD      LPSW  FAILED              no such call
EXIT     LTR   R1,R1
         BNZ   BAD
         LPSW  GOOD
*
WRITE    BCTR  R2,0                the printer ends the line by itself
         STH   R2,TYPE+6
         ST    R1,TYPE
         MVI   TYPE,X'09'
         LA    R3,TYPE
         ST    R3,CAW
         SIO   PRINTER
         BNZ   BAD
WAIT     LPSW  WAITING
IOENDS   TM    CSW+4,X'04'         has the device ended too?
         BZ    WAIT
         B     BACK
*
OPEN     SR    R3,R3               one file, in storage
         ST    R3,PLACE
         LA    R1,3
         B     GIVE
*
PUT      LA    R3,FILE
         A     R3,PLACE
         BCTR  R2,0
         EX    R2,MOVEIN
         LA    R2,1(,R2)
         L     R3,PLACE
         AR    R3,R2
         ST    R3,PLACE
         ST    R3,ENDS
         LR    R1,R2
         B     GIVE
MOVEIN   MVC   0(0,R3),0(R1)
*
GET      L     R4,ENDS             how much is left?
         S     R4,PLACE
         CR    R2,R4
         BNH   SOME
         LR    R2,R4
SOME     LTR   R2,R2
         BZ    NOMORE
         LA    R3,FILE
         A     R3,PLACE
         BCTR  R2,0
         EX    R2,MOVEOUT
         LA    R2,1(,R2)
         L     R3,PLACE
         AR    R3,R2
         ST    R3,PLACE
NOMORE   LR    R1,R2
         B     GIVE
MOVEOUT  MVC   0(0,R1),0(R3)
*
GIVE     ST    R1,SAVED+4          in the caller's register 1
BACK     LM    R0,R15,SAVED
         LPSW  SVCOLD
*---------------------------------------------------------------------*
TYPE     CCW   X'09',0,X'20',0
TOUSER   DC    0D'0',X'00010000',A(PROGRAM)  problem state
WAITING  DC    0D'0',X'80020000',A(0)   wait, channel 0 enabled
GOOD     DC    0D'0',X'00020000',A(0)   wait for ever
FAILED   DC    0D'0',X'00020000',A(X'DEAD')
ARGUMENT DC    F'{{argument}}'
PLACE    DC    F'0'
ENDS     DC    F'0'
SAVED    DS    16F
FILE     DS    CL1024
         ORG   DESK+X'2000'
PROGRAM  DS    0D
{{program}}
         END   MAIN
