*---------------------------------------------------------------------*
* HELLO - the smallest program that owns a machine                    *
*                                                                     *
* There is no operating system below this program. It is loaded at    *
* address 0, where the processor itself looks for certain words, and  *
* it prints by starting a channel program, waiting for the channel's  *
* interruption, and looking at what the channel has to report.        *
*                                                                     *
* Started by the operator's PSW-restart key (PSW at location 0).      *
* Ends in a disabled wait: address 000000 good, 00DEAD bad.           *
*---------------------------------------------------------------------*
* storage: 64K
* devices: 009=3215
* expect: R2 = 00000005
* expect: console HELLO
*---------------------------------------------------------------------*
R0       EQU   0
R1       EQU   1
R2       EQU   2
R3       EQU   3
CONSOLE  EQU   X'009'              the operator's console, a 3215
*---------------------------------------------------------------------*
* The first 128 bytes of storage belong to the processor. On each     *
* kind of interruption it stores the PSW at the "old" place of that   *
* kind and goes on with the PSW it finds at the "new" place.          *
*---------------------------------------------------------------------*
HELLO    START 0
         USING HELLO,R0            addresses below 4096 need no base
         DC    A(0),A(MAIN)        00 restart new PSW: begin at MAIN
         ORG   HELLO+X'40'
CSW      DS    D                   40 channel status word
CAW      DS    A                   48 channel address word
         ORG   HELLO+X'58'
         DC    X'00020000',A(X'DEAD')  58 external new: unexpected
         DC    X'00020000',A(X'DEAD')  60 SVC new: unexpected
         DC    X'00020000',A(X'DEAD')  68 program new: unexpected
         DC    X'00020000',A(X'DEAD')  70 machine check: unexpected
IONEW    DC    A(0),A(FINISHED)    78 I/O new PSW: go on at FINISHED
*---------------------------------------------------------------------*
* Start the console.                                                  *
*---------------------------------------------------------------------*
         ORG   HELLO+X'800'
MAIN     LA    R1,WRITE            where the channel program is: its
         ST    R1,CAW              address goes where the channel looks
         SIO   CONSOLE             start it; the channel works alone
         BC    7,BAD               condition code 0: it was started
*---------------------------------------------------------------------*
* Wait. A PSW with the wait bit stops the processor; its mask lets an *
* interruption of channel 0 in, which fetches the PSW at IONEW.       *
*---------------------------------------------------------------------*
WAIT     LPSW  WAITING
FINISHED TM    CSW+4,X'73'         attention, control unit, busy,
         BC    7,BAD                 check, exception: none may be
         CLI   CSW+5,0             trouble in the channel?
         BNE   BAD
         TM    CSW+4,X'04'         has the device ended too?
         BZ    WAIT                no, only the channel: keep waiting
*---------------------------------------------------------------------*
* The count in the CSW is what is left of the count in the CCW.       *
*---------------------------------------------------------------------*
         LA    R2,L'TEXT
         LH    R3,CSW+6
         SR    R2,R3               bytes written
         C     R2,=A(L'TEXT)       all of them?
         BNE   BAD
         LPSW  GOOD
BAD      LPSW  FAILED
*---------------------------------------------------------------------*
WRITE    CCW   X'09',TEXT,X'20',L'TEXT  write, then carrier return
TEXT     DC    C'HELLO'
WAITING  DC    0D'0',X'80020000',A(0)   wait, channel 0 enabled
GOOD     DC    0D'0',X'00020000',A(0)   wait for ever
FAILED   DC    0D'0',X'00020000',A(X'DEAD')
         END   MAIN
