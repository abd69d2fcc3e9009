*---------------------------------------------------------------------*
* SIO - disk, printer and console at work                             *
*                                                                     *
* Writes one cylinder of the disk: 19 tracks of 14 records of 800     *
* bytes. Then reads the records one by one, adds up their words, and  *
* prints a line for each track while the next record is being read.   *
* A Start I/O and at least one interruption belong to every record.   *
* In a virtual machine the monitor has to translate every channel     *
* program, start it on its own, and pass every interruption on.       *
*                                                                     *
* Ends in a disabled wait: address 000000 good, 00DEAD bad.           *
*---------------------------------------------------------------------*
* storage: 64K
* devices: 009=3215 00E=1403 191=3330
* seconds: 60
* expect: R2 = 67DB05F8
* expect: console 266 RECORDS AGREE
* expect: printer TRACK 18
*---------------------------------------------------------------------*
R0       EQU   0
R1       EQU   1                   device block that a routine works on
R2       EQU   2                   sum of what was read; the result
R3       EQU   3                   sum of what was written
R4       EQU   4                   track
R5       EQU   5                   record
R6       EQU   6                   address of a word,
R7       EQU   7                     words left
R8       EQU   8                   random number
R9       EQU   9                   sum of one track
R10      EQU   10                  link to the small routines
R14      EQU   14
R15      EQU   15
TRACKS   EQU   19                  of a cylinder of a 3330
RECORDS  EQU   14                  of 800 bytes fit on its tracks
LENGTH   EQU   800
*
CC       EQU   X'40'               CCW flag: chain command
CD       EQU   X'80'               CCW flag: chain data
SLI      EQU   X'20'               CCW flag: any length will do
*---------------------------------------------------------------------*
* A device block says what a device is doing. BUSY is set when it is  *
* started and reset when its interruption has reported device end.    *
*---------------------------------------------------------------------*
DEVICE   DSECT
DEVCSW   DS    D                   last channel status word
DEVADDR  DS    H                   address of the device
DEVBUSY  DS    X                   X'FF': busy
         DS    0D
DEVLEN   EQU   *-DEVICE
*---------------------------------------------------------------------*
* Write all records of a track: for each, a count field that names    *
* and measures it, and, by data chaining, 800 bytes.                  *
*---------------------------------------------------------------------*
         MACRO
         WRITE &COUNT
         LCLA  &N
.NEXT    CCW   X'1D',COUNTS+8*&N,CD,8
         CCW   X'1D',TRACK+LENGTH*&N,CC,LENGTH
&N       SETA  &N+1
         AIF   (&N LT &COUNT).NEXT
         MEND
*---------------------------------------------------------------------*
SIODEMO  START 0
         USING SIODEMO,R0
         USING DEVICE,R1
         DC    A(0),A(MAIN)        00 restart new PSW
         ORG   SIODEMO+X'38'
IOOLD    DS    D                   38 I/O old PSW
CSW      DS    D                   40 channel status word
CAW      DS    A                   48 channel address word
         ORG   SIODEMO+X'58'
         DC    X'00020000',A(X'DEAD')  58 external new: unexpected
         DC    X'00020000',A(X'DEAD')  60 SVC new: unexpected
         DC    X'00020000',A(X'DEAD')  68 program new: unexpected
         DC    X'00020000',A(X'DEAD')  70 machine check: unexpected
         DC    A(0),A(IOINT)         78 I/O new PSW
*---------------------------------------------------------------------*
* First half: fill the tracks with random words.                      *
*---------------------------------------------------------------------*
         ORG   SIODEMO+X'800'
MAIN     SR    R3,R3
         SR    R4,R4
         LA    R8,1
FILL     L     R6,=A(TRACK)
         LA    R7,RECORDS*LENGTH/4
FILLWORD MH    R8,=H'25173'
         AH    R8,=H'13849'
         N     R8,=X'0000FFFF'
         ST    R8,0(,R6)
         AR    R3,R8
         LA    R6,4(,R6)
         BCT   R7,FILLWORD
*
         LA    R6,COUNTS           the count fields and the seek
         LA    R7,RECORDS            address name the track
NAME     STH   R4,2(,R6)
         LA    R6,8(,R6)
         BCT   R7,NAME
         STH   R4,SEEKHEAD
         MVI   RECORD,0            search for record 0: the others
         LA    R1,DISK               are written behind it
         LA    R0,FORMAT
         BAL   R10,START
         BAL   R10,WAIT
         LA    R4,1(,R4)
         CH    R4,=AL2(TRACKS)
         BL    FILL
*---------------------------------------------------------------------*
* Second half: read and add up.                                       *
*---------------------------------------------------------------------*
         SR    R2,R2
         SR    R4,R4
READTRK  STH   R4,SEEKHEAD
         SR    R9,R9
         LA    R5,1
READREC  STC   R5,RECORD
         LA    R1,DISK
         LA    R0,READ
         BAL   R10,START
         BAL   R10,WAIT
         L     R6,=A(BUFFER)
         LA    R7,LENGTH/4
ADD      A     R9,0(,R6)
         LA    R6,4(,R6)
         BCT   R7,ADD
         LA    R5,1(,R5)
         CH    R5,=AL2(RECORDS)
         BNH   READREC
         AR    R2,R9
*
* Print the track's line. The printer is left alone with it; only if
* it has not finished the line before must the program wait.
*
         LA    R1,PRINTER
         BAL   R10,WAIT
         CVD   R4,DECIMAL
         UNPK  LINETRK,DECIMAL+6(2)
         OI    LINETRK+1,X'F0'
         ST    R9,SUM              the sum in hexadecimal: unpacking
         UNPK  LINESUM(9),SUM(5)     makes F0 to FF of each digit,
         TR    LINESUM(8),HEX-X'F0'    the table makes characters
         MVI   LINESUM+8,C' '
         LA    R0,PRINT
         BAL   R10,START
         LA    R4,1(,R4)
         CH    R4,=AL2(TRACKS)
         BL    READTRK
         BAL   R10,WAIT            the last line
*
* Everything read back as it was written? Tell the operator.
*
         CR    R2,R3
         BNE   BAD
         LA    R1,CONSOLE
         LA    R0,TELL
         BAL   R10,START
         BAL   R10,WAIT
         LPSW  GOOD
BAD      LPSW  FAILED
*---------------------------------------------------------------------*
* START: starts the channel program at R0 on the device of R1.        *
*---------------------------------------------------------------------*
START    ST    R0,CAW
         LH    R15,DEVADDR
         MVI   DEVBUSY,X'FF'
AGAIN    SIO   0(R15)
         BCR   8,R10               0: started
         BC    2,AGAIN             2: channel busy with another device
         BC    1,BAD               3: no such device
         TM    CSW+4,X'10'         1: the device had something to say
         BO    AGAIN                 before it starts: now it has
         B     BAD
*---------------------------------------------------------------------*
* WAIT: waits until the device of R1 is done.                         *
*---------------------------------------------------------------------*
WAIT     CLI   DEVBUSY,0           this runs with interruptions off, so
         BE    DONE                  none can slip in between here
         LPSW  WAITING             and here: it is only let in now
DONE     TM    DEVCSW+4,X'73'      busy, check, exception?
         BNZ   BAD
         CLI   DEVCSW+5,0
         BNE   BAD
         BR    R10
*---------------------------------------------------------------------*
* I/O interruption: find the block of the device and note the status. *
* Channel end and device end may come one after the other.            *
*---------------------------------------------------------------------*
IOINT    STM   R14,R1,IOSAVE
         LA    R1,DEVICES
         LA    R14,NDEVICES
FIND     CLC   DEVADDR,IOOLD+2     BC mode: address in the old PSW
         BE    FOUND
         LA    R1,DEVLEN(,R1)
         BCT   R14,FIND
         B     BAD
FOUND    MVC   DEVCSW,CSW
         TM    CSW+4,X'04'         device end, or only channel end?
         BZ    RETURN
         MVI   DEVBUSY,0
RETURN   LM    R14,R1,IOSAVE
         MVI   IOOLD,0             go on with interruptions off
         NI    IOOLD+1,255-X'02'     and without waiting
         LPSW  IOOLD
*---------------------------------------------------------------------*
WAITING  DC    0D'0',X'FE020000',A(WAIT)  all channels on, wait; then
*                                         look again
GOOD     DC    0D'0',X'00020000',A(0)
FAILED   DC    0D'0',X'00020000',A(X'DEAD')
IOSAVE   DS    4F
DECIMAL  DS    D
SUM      DS    F,X                 the sum, and a byte to unpack with
*
DEVICES  DS    0D
CONSOLE  DC    D'0',X'0009',X'00'
         DS    0D
PRINTER  DC    D'0',X'000E',X'00'
         DS    0D
DISK     DC    D'0',X'0191',X'00'
         DS    0D
NDEVICES EQU   (*-DEVICES)/DEVLEN
*
* Find a record: move the arm, then compare what comes by until it is
* the one. Search repeats by the transfer in channel; when the record
* is found the channel skips the transfer.
*
READ     CCW   X'07',SEEKARG,CC,6  seek
         CCW   X'31',SEEKARG+2,CC,5  search identifier equal
         CCW   X'08',*-8,0,1       transfer in channel: again
         CCW   X'06',BUFFER,0,LENGTH  read data
*
FORMAT   CCW   X'07',SEEKARG,CC,6
         CCW   X'31',SEEKARG+2,CC,5
         CCW   X'08',*-8,0,1
         WRITE 14
         CCW   X'03',0,SLI,1       no operation: ends the chain
*
SEEKARG  DC    H'0',H'0'           bin, cylinder
SEEKHEAD DC    H'0'                head
RECORD   DC    X'00'
*
PRINT    CCW   X'09',LINE,SLI,LINEEND-LINE  write and space 1
LINE     DC    C'TRACK '
LINETRK  DC    C'00',C' SUM '
LINESUM  DC    C'00000000 '
LINEEND  EQU   *
HEX      DC    C'0123456789ABCDEF'
*
TELL     CCW   X'09',MESSAGE,SLI,L'MESSAGE
MESSAGE  DC    C'266 RECORDS AGREE'
*
* Count fields: cylinder, head (to be filled in), record, no key, 800.
*
         MACRO
         COUNT &COUNT
         LCLA  &N
.NEXT    ANOP
&N       SETA  &N+1
         DC    AL2(0,0),AL1(&N,0),AL2(LENGTH)
         AIF   (&N LT &COUNT).NEXT
         MEND
COUNTS   DS    0D
         COUNT 14
         LTORG
         ORG   SIODEMO+X'1000'
BUFFER   DS    CL(LENGTH)
TRACK    DS    (RECORDS)CL(LENGTH)
         END   MAIN
