*---------------------------------------------------------------------*
* PARLEY - a small conversational system for one user                 *
*                                                                     *
* One user, one virtual machine: on these terms an operating system   *
* can be small. PARLEY reads commands from the console, keeps files   *
* on its minidisk, and loads and runs programs, which ask it for      *
* services by supervisor call. Programs run in the problem state with *
* key 8; the system has key 0, so that a program in error ends with a *
* message and not with the system. PARLEY knows nothing of CP: it     *
* runs on the bare machine just as well.                              *
*                                                                     *
*   storage  0000  nucleus: PSWs, interruptions, data (key 0)         *
*            1000  its routines, one control section for each subject *
*            8000  user area (key 8): command line, SVC 0, save area  *
*            8100  the program                                        *
*                                                                     *
*   disk     one cylinder of 266 blocks of 800 bytes                  *
*            block 0  label, and for each block a halfword: 0 free,   *
*                     -1 last of a file, else the next block of it    *
*            block 1  directory: 25 entries of 32 bytes               *
*            others   ten lines of 80 characters each                 *
*                                                                     *
* Type HELP for the commands. QUIT ends in a disabled wait: address   *
* 000000 good; 00DEAD is a fault of the nucleus itself.               *
*---------------------------------------------------------------------*
* storage: 64K
* devices: 009=3215 191=3330
* seconds: 600
* type: help
* type: listfile
* type: format
* type: listfile
* type: run hello
* type: run primes
* type: edit note
* type: Systems that are small
* type: can be understood.
* type:
* type: type note
* type: run count note
* type: run crash
* type: dump 8100 20
* type: query
* type: erase note
* type: type note
* type: quit
* expect: R2 = 0000000F
* expect: console DISK 191 IS NOT FORMATTED
* expect: console COUNT    P
* expect: console HELLO FROM THE PROBLEM STATE
* expect: console 1229 PRIMES BELOW 10000
* expect: console 00002 LINES
* expect: console PROGRAM CHECK 0004 PROTECTION
* expect: console 008100
* expect: console NO FILE NOTE
*---------------------------------------------------------------------*
R0       EQU   0                   parameter, or result
R1       EQU   1                   parameter, or result
R2       EQU   2
R3       EQU   3
R4       EQU   4
R5       EQU   5
R6       EQU   6
R7       EQU   7
R8       EQU   8
R9       EQU   9
R10      EQU   10
R11      EQU   11
R12      EQU   12                  base of the routine at work
R13      EQU   13                  stack
R14      EQU   14                  link
R15      EQU   15                  entry; on return 0, or what is wrong
*
CONSOLE  EQU   X'009'
DISK     EQU   X'191'
BLOCKS   EQU   266                 on the disk: 19 tracks of 14
PERTRACK EQU   14
BLKLEN   EQU   800
LINELEN  EQU   80                  of a line in a file
ENTRIES  EQU   25                  in the directory
*
EXIT     EQU   0                   services: return to the command loop
WRITE    EQU   1                   write R0 characters at R1
READ     EQU   2                   a line to R1 (80); R0 its length
OPEN     EQU   3                   file named at R1; R0: 0 in, 1 out
GET      EQU   4                   next line to R1; R15 = 4: no more
PUT      EQU   5                   line at R1 to the output file
CLOSE    EQU   6                   the output file is complete
CLOCK    EQU   7                   date and time to R1 (17 characters)
LASTSVC  EQU   7
*---------------------------------------------------------------------*
* Linkage of the nucleus. CALL leaves the entry in 15 and the way     *
* back in 14; ENTER pushes registers 2 to 14; LEAVE pops them. What a *
* routine delivers is in 0, 1 and 15.                                 *
*---------------------------------------------------------------------*
         MACRO
&LABEL   CALL  &NAME
&LABEL   L     R15,=A(&NAME)
         BALR  R14,R15
         MEND
*
         MACRO
&LABEL   ENTER
&LABEL   STM   R2,R14,0(R13)
         LA    R13,64(,R13)
         LR    R12,R15
         USING &LABEL,R12
         MEND
*
         MACRO
&LABEL   LEAVE
&LABEL   S     R13,FRAME
         LM    R2,R14,0(R13)
         BR    R14
         MEND
*
         MACRO
&LABEL   SAY   &TEXT
         LCLA  &LENGTH
&LENGTH  SETA  K'&TEXT-2
&LABEL   LA    R0,&LENGTH
         LA    R1,=C&TEXT
         CALL  CONPUT
         MEND
*---------------------------------------------------------------------*
* An entry of the directory.                                          *
*---------------------------------------------------------------------*
FILE     DSECT
FNAME    DS    CL8                 zeros: a free entry
FTYPE    DS    C                   T text, P program
         DS    C
FFIRST   DS    H                   first block
FLINES   DS    H                   lines
FBLOCKS  DS    H                   blocks
FDATE    DS    CL8
         DS    CL8
FILELEN  EQU   *-FILE
*=====================================================================*
* NUCLEUS. The first 4096 bytes need no base register: interruptions  *
* begin here, and here are the data that all routines share.          *
*=====================================================================*
PARLEY   START 0
         USING PARLEY,R0
USERAREA EQU   PARLEY+X'8000'
PROGAREA EQU   PARLEY+X'8100'
AREAEND  EQU   PARLEY+X'10000'
         DC    A(0),A(BEGIN)       00 restart new PSW
         ORG   PARLEY+X'20'
SVCOLD   DS    D                   20 SVC old PSW
PGMOLD   DS    D                   28 program old PSW
         ORG   PARLEY+X'38'
IOOLD    DS    D                   38 I/O old PSW
CSW      DS    D                   40 channel status word
CAW      DS    A                   48 channel address word
         ORG   PARLEY+X'58'
         DC    X'00020000',A(X'DEAD')  58 external new: unexpected
         DC    A(0),A(SVCINT)          60 SVC new
         DC    A(0),A(PGMINT)          68 program new
         DC    X'00020000',A(X'DEAD')  70 machine check: unexpected
         DC    A(0),A(IOINT)           78 I/O new
*
         ORG   PARLEY+X'200'
BEGIN    L     R13,=A(STACK)
         LA    R0,X'80'            key 8 for the user area
         L     R1,=A(USERAREA)
         LA    R2,16               blocks of 2048
KEYS     SSK   R0,R1
         AH    R1,=H'2048'
         BCT   R2,KEYS
         CALL  MOUNT               read label and directory
         L     R15,=A(WELCOME)
         BR    R15
*---------------------------------------------------------------------*
* Supervisor call: only programs issue them. The table has, for each, *
* the routine and how many bytes at R1 it will touch.                 *
*---------------------------------------------------------------------*
SVCINT   STM   R0,R15,USERREGS
         MVC   USERPSW,SVCOLD
         L     R13,=A(STACK)
         LH    R3,SVCOLD+2         BC mode: number in the old PSW
         CH    R3,=AL2(LASTSVC)
         BH    BADSVC
         SLL   R3,3
         L     R15,SVCTAB(R3)
         L     R2,SVCTAB+4(R3)
         LTR   R2,R2
         BZ    SERVE
         LA    R1,0(,R1)           the nucleus has key 0 and could be
         C     R1,=A(USERAREA)       made to store anywhere: it looks
         BL    BADADDR               whether the address is the user's
         AR    R2,R1
         C     R2,=A(AREAEND)
         BH    BADADDR
SERVE    BALR  R14,R15
         STM   R0,R1,USERREGS      results
         ST    R15,USERREGS+15*4
RESUME   LM    R0,R15,USERREGS
         LPSW  USERPSW
SVCTAB   DC    A(SVEXIT,0,SVWRITE,1,SVREAD,80,SVOPEN,8)
         DC    A(SVGET,80,WRITELN,80,CLOSEOUT,0,TIMEOFDY,17)
*
BADSVC   LA    R1,=CL24'UNKNOWN SUPERVISOR CALL'
         B     *+8
BADADDR  LA    R1,=CL24'BAD ADDRESS IN SVC'
         LA    R0,24
         CALL  CONPUT
ABORT    L     R13,=A(STACK)       give the program up
         MVI   OUTOPEN,0
         L     R15,=A(COMMAND)
         BR    R15
*---------------------------------------------------------------------*
* Program interruption: a program's error costs the program.          *
*---------------------------------------------------------------------*
PGMINT   TM    PGMOLD+1,X'01'      in the problem state?
         BZ    BAD                 no: an error of the nucleus
         STM   R0,R15,USERREGS
         L     R13,=A(STACK)
         MVC   OUTLINE,OUTLINE-1
         MVC   OUTLINE(13),=C'PROGRAM CHECK'
         LH    R2,PGMOLD+2
         ST    R2,WORD
         UNPK  HEXWORK(9),WORD(5)
         TR    HEXWORK(8),HEX-240
         MVC   OUTLINE+14(4),HEXWORK+4
         CH    R2,=H'15'
         BH    NONAME
         MH    R2,=H'14'
         LA    R2,CHECKS-14(R2)
         MVC   OUTLINE+19(14),0(R2)
NONAME   MVC   OUTLINE+34(3),=C'PSW'
         UNPK  HEXWORK(9),PGMOLD(5)
         TR    HEXWORK(8),HEX-240
         MVC   OUTLINE+38(8),HEXWORK
         UNPK  HEXWORK(9),PGMOLD+4(5)
         TR    HEXWORK(8),HEX-240
         MVC   OUTLINE+47(8),HEXWORK
         LA    R1,OUTLINE
         LA    R0,55
         CALL  CONPUT
         B     ABORT
BAD      LPSW  FAILED
*---------------------------------------------------------------------*
* I/O interruption: while the nucleus waits, what it waits for; while *
* a program runs, the attention key.                                  *
*---------------------------------------------------------------------*
IOINT    TM    IOOLD+1,X'01'
         BZ    IOENDED
         STM   R0,R15,USERREGS
         MVC   USERPSW,IOOLD
         TM    CSW+4,X'80'
         BZ    RESUME
         L     R13,=A(STACK)
         MVI   TYPED,0
         CALL  CONGET              what does the user want?
         CLC   INLINE(3),=C'HX '   halt execution
         BE    HALTED
         MVI   TYPED,1             else it is for the program, later
         B     RESUME
HALTED   LA    R1,=CL24'PROGRAM HALTED'
         LA    R0,24
         CALL  CONPUT
         B     ABORT
*---------------------------------------------------------------------*
* DOIO: runs the channel program at R0 on the device R1 to its end.   *
* R15: 0, 4 unit exception, 8 error, 12 no such device.               *
*---------------------------------------------------------------------*
DOIO     ST    R0,CAW
         MVI   STATUS,0
TRYIO    SIO   0(R1)
         BC    2,TRYIO             2: busy
         BC    1,NODEVICE          3: not operational
         BC    8,WAITIO            0: started
         TM    CSW+4,X'10'         1: busy with an attention or the
         BO    TRYIO                 like: told now, so try again
         B     IOENDED
WAITIO   LPSW  WAITING
IOENDED  TM    CSW+4,X'08'         channel end: the count is valid
         BZ    *+10
         MVC   COUNT,CSW+6
         OC    STATUS,CSW+4
         TM    CSW+4,X'04'         device end?
         BO    IODONE
         TM    STATUS,X'02'        a unit check may come without
         BZ    WAITIO
IODONE   SR    R15,R15
         TM    STATUS,X'01'
         BZ    *+8
         LA    R15,4
         TM    STATUS,X'02'
         BO    IOERROR
         TM    CSW+5,X'BF'         channel errors but length
         BCR   8,R14
IOERROR  LA    R15,8
         BR    R14
NODEVICE LA    R15,12
         BR    R14
*---------------------------------------------------------------------*
WAITING  DC    0D'0',X'FE020000',A(0)    all channels on, wait
GOOD     DC    0D'0',X'00020000',A(0)
FAILED   DC    0D'0',X'00020000',A(X'DEAD')
USERPSW  DS    D
DECIMAL  DS    D
TODCLOCK DS    D
USERREGS DS    16F
FRAME    DC    F'64'               of the stack
WORD     DS    F,X
HEXWORK  DS    CL9
HEX      DC    C'0123456789ABCDEF'
COUNT    DS    H                   bytes left of the last CCW
STATUS   DS    X                   unit status of the last operation
TYPED    DC    X'00'               1: INLINE has a line for a program
DISKOK   DC    X'00'               1: label and directory are known
OUTOPEN  DC    X'00'               1: an output file is open
*
INLINE   DS    CL80                line from the console
         DC    CL8' '
INLENGTH DS    H
VERB     DS    CL8                 first word of a command,
ARG1     DS    CL8                   second,
ARG2     DS    CL8                   third
COMMANDS DC    F'0'                commands obeyed
CMDBASE  DC    A(WELCOME)          base of the commands
         DC    C' '                before OUTLINE: to clear it
OUTLINE  DC    CL80' '
*
INLINK   DS    H                   input file: next block,
INLINES  DS    H                     lines left,
INPOS    DS    H                     place in INBUF
OUTNAME  DS    CL8                 output file: name,
OUTTYPE  DS    C                     type,
OUTFIRST DS    H                     first block,
OUTBLOCK DS    H                     last block,
OUTBLKS  DS    H                     how many,
OUTLINES DS    H                     lines,
OUTPOS   DS    H                     place in OUTBUF
DATETIME DS    CL17                MM/DD/YY HH:MM:SS
*
CHECKS   DC    CL14'OPERATION',CL14'PRIVILEGED OP'
         DC    CL14'EXECUTE',CL14'PROTECTION'
         DC    CL14'ADDRESSING',CL14'SPECIFICATION'
         DC    CL14'DATA',CL14'OVERFLOW'
         DC    CL14'DIVIDE',CL14'DECIMAL OVFLOW'
         DC    CL14'DECIMAL DIVIDE',CL14'EXPONENT OVFL'
         DC    CL14'EXPONENT UNFL',CL14'SIGNIFICANCE'
         DC    CL14'FLOAT DIVIDE'
         LTORG
*=====================================================================*
* CONSOLE.                                                            *
*=====================================================================*
CONSECT  CSECT
*---------------------------------------------------------------------*
* CONPUT: writes the R0 characters at R1 and a new line.              *
*---------------------------------------------------------------------*
CONPUT   ENTER
         ST    R1,WRITECCW
         MVI   WRITECCW,X'09'
         LTR   R0,R0               a channel cannot write nothing
         BP    *+8
         LA    R0,1
         STH   R0,WRITECCW+6
         LA    R0,WRITECCW
         LA    R1,CONSOLE
         BAL   R14,DOIO
         LEAVE
WRITECCW CCW   X'09',0,X'20',1
*---------------------------------------------------------------------*
* CONGET: reads a line to INLINE, in capitals; R0: its length.        *
*---------------------------------------------------------------------*
CONGET   ENTER
         MVI   INLINE,C' '
         MVC   INLINE+1(79),INLINE
         LA    R0,READCCW
         LA    R1,CONSOLE
         BAL   R14,DOIO
         OC    INLINE,CAPITALS
         LA    R0,80
         SH    R0,COUNT
         STH   R0,INLENGTH
         LEAVE
READCCW  CCW   X'0A',INLINE,X'20',80
CAPITALS DC    CL80' '             a blank makes a letter a capital
         LTORG
*=====================================================================*
* DISK: blocks by number.                                             *
*=====================================================================*
DISKSECT CSECT
*---------------------------------------------------------------------*
* BLOCKIN, BLOCKOUT: block R1 to or from the 800 bytes at R0. R15: 0, *
* or 8: the disk is not formatted, or worse.                          *
*---------------------------------------------------------------------*
BLOCKIN  ENTER
         LA    R2,X'06'            read data
         CALL  BLOCKIO
         LEAVE
*
BLOCKOUT ENTER
         LA    R2,X'05'            write data
         CALL  BLOCKIO
         LEAVE
*
BLOCKIO  ENTER
         ST    R0,DATACCW
         STC   R2,DATACCW
         SR    R0,R0
         D     R0,=A(PERTRACK)     R1: track, R0: record in it
         STH   R1,SEEKHEAD
         A     R0,=F'1'            records are counted from 1
         STC   R0,SEEKREC
         LA    R0,SEEKCCW
         LA    R1,DISK
         BAL   R14,DOIO
         LTR   R15,R15
         BZ    BLOCKEND
         LA    R0,SENSECCW         let the disk say what it has to
         LA    R1,DISK
         BAL   R14,DOIO
         LA    R15,8
BLOCKEND LEAVE
SEEKCCW  CCW   X'07',SEEKARG,X'40',6       seek
         CCW   X'31',SEEKARG+2,X'40',5     search identifier equal
         CCW   X'08',*-8,0,1               not yet: again
DATACCW  CCW   X'06',0,0,BLKLEN
SENSECCW CCW   X'04',SENSED,X'20',24
SENSED   DS    CL24
SEEKARG  DC    H'0',H'0'           bin, cylinder
SEEKHEAD DC    H'0'
SEEKREC  DC    X'00'
*---------------------------------------------------------------------*
* FORMAT: writes 14 records of zeros on each track.                   *
*---------------------------------------------------------------------*
         MACRO
         RECORDS &NUMBER
         LCLA  &N
.NEXT    CCW   X'1D',COUNTS+8*&N,X'80',8
         CCW   X'1D',OUTBUF,X'40',BLKLEN
&N       SETA  &N+1
         AIF   (&N LT &NUMBER).NEXT
         MEND
         MACRO
         FIELDS &NUMBER
         LCLA  &N
.NEXT    ANOP
&N       SETA  &N+1
         DC    AL2(0,0),AL1(&N,0),AL2(BLKLEN)
         AIF   (&N LT &NUMBER).NEXT
         MEND
FORMTRKS ENTER
         L     R1,=A(OUTBUF)
         CALL  ZEROBLK
         MVI   SEEKREC,0
         SR    R4,R4
FORMTRK  STH   R4,SEEKHEAD
         LA    R5,COUNTS
         LA    R6,PERTRACK
FORMREC  STH   R4,2(,R5)           count fields: cylinder, head ...
         LA    R5,8(,R5)
         BCT   R6,FORMREC
         LA    R0,FORMCCW
         LA    R1,DISK
         BAL   R14,DOIO
         LTR   R15,R15
         BNZ   FORMEND
         LA    R4,1(,R4)
         CH    R4,=AL2(BLOCKS/PERTRACK)
         BL    FORMTRK
FORMEND  LEAVE
FORMCCW  CCW   X'07',SEEKARG,X'40',6
         CCW   X'31',SEEKARG+2,X'40',5
         CCW   X'08',*-8,0,1
         RECORDS 14
         CCW   X'03',0,X'20',1
COUNTS   DS    0D
         FIELDS 14
*
* ZEROBLK: the 800 bytes at R1 become zeros.
*
ZEROBLK  ENTER
         LR    R2,R1
         LA    R3,BLKLEN
         SR    R4,R4
         SR    R5,R5               from nowhere, padded with zeros
         MVCL  R2,R4
         LEAVE
         LTORG
*=====================================================================*
* FILES.                                                              *
*=====================================================================*
FILESECT CSECT
*---------------------------------------------------------------------*
* MOUNT: reads label and directory.                                   *
*---------------------------------------------------------------------*
MOUNT    ENTER
         MVI   DISKOK,0
         L     R0,=A(MAPBUF)
         SR    R1,R1
         CALL  BLOCKIN
         LTR   R15,R15
         BNZ   MOUNTEND
         L     R2,=A(MAPBUF)
         CLC   0(8,R2),LABEL
         BNE   MOUNTEND
         L     R0,=A(DIRBUF)
         LA    R1,1
         CALL  BLOCKIN
         LTR   R15,R15
         BNZ   MOUNTEND
         MVI   DISKOK,1
MOUNTEND LEAVE
LABEL    DC    CL8'PARLEY01'
*---------------------------------------------------------------------*
* NEWDISK: formats the disk and puts the sample programs on it.       *
*---------------------------------------------------------------------*
NEWDISK  ENTER
         CALL  FORMTRKS
         LTR   R15,R15
         BNZ   NEWEND
         L     R1,=A(MAPBUF)
         CALL  ZEROBLK
         MVC   0(8,R1),NEWLABEL
         MVC   64(4,R1),=X'FFFFFFFF'  blocks 0 and 1 are taken
         L     R1,=A(DIRBUF)
         CALL  ZEROBLK
         MVI   DISKOK,1
         L     R5,=A(SAMPLES)
SAMPLE   LR    R1,R5
         LA    R0,C'P'
         CALL  OPENOUT
         L     R6,8(,R5)           from here
SAMPLELN LR    R1,R6
         CALL  WRITELN
         LA    R6,LINELEN(,R6)
         C     R6,12(,R5)          to here
         BL    SAMPLELN
         CALL  CLOSEOUT
         LTR   R15,R15
         BNZ   NEWEND
         LA    R5,16(,R5)
         CLI   0(R5),X'FF'
         BNE   SAMPLE
NEWEND   LEAVE
NEWLABEL DC    CL8'PARLEY01'
*---------------------------------------------------------------------*
* FIND: looks for the file whose name is at R1. R1: its entry; R15 is *
* 4 if there is none.                                                 *
*---------------------------------------------------------------------*
FIND     ENTER
         LR    R2,R1
         L     R1,=A(DIRBUF)
         LA    R3,ENTRIES
         SR    R15,R15
         USING FILE,R1
FINDNEXT CLC   FNAME,0(R2)
         BE    FINDEND
         LA    R1,FILELEN(,R1)
         BCT   R3,FINDNEXT
         LA    R15,4
FINDEND  LEAVE
         DROP  R1
*---------------------------------------------------------------------*
* OPENIN: opens the file whose name is at R1. R15: 4 if there is none.*
* R1: its entry.                                                      *
*---------------------------------------------------------------------*
OPENIN   ENTER
         CALL  FIND
         LTR   R15,R15
         BNZ   OPENEND
         USING FILE,R1
         MVC   INLINK,FFIRST
         MVC   INLINES,FLINES
         MVC   INPOS,=AL2(BLKLEN)  the first line needs a block
         DROP  R1
OPENEND  LEAVE
*---------------------------------------------------------------------*
* READLN: R1: the next line of the input file; R15: 4 if no more.     *
*---------------------------------------------------------------------*
READLN   ENTER
         LA    R15,4
         LH    R2,INLINES
         SH    R2,=H'1'
         BM    READEND
         STH   R2,INLINES
         LH    R3,INPOS
         CH    R3,=AL2(BLKLEN)
         BL    HAVEBLK
         L     R0,=A(INBUF)
         LH    R1,INLINK
         CALL  BLOCKIN
         LTR   R15,R15
         BNZ   READEND
         LH    R1,INLINK           the map says which comes next
         AR    R1,R1
         A     R1,=A(MAPBUF+64)
         MVC   INLINK,0(R1)
         SR    R3,R3
HAVEBLK  L     R1,=A(INBUF)
         AR    R1,R3
         LA    R3,LINELEN(,R3)
         STH   R3,INPOS
         SR    R15,R15
READEND  LEAVE
*---------------------------------------------------------------------*
* OPENOUT: begins a file, name at R1, type R0.                        *
*---------------------------------------------------------------------*
OPENOUT  ENTER
         MVC   OUTNAME,0(R1)
         STC   R0,OUTTYPE
         XC    OUTFIRST(10),OUTFIRST  first, last, blocks, lines, place
         MVI   OUTOPEN,1
         SR    R15,R15
         LEAVE
*---------------------------------------------------------------------*
* WRITELN: the line at R1 to the output file. R15: 8 if the disk is   *
* full, 4 if no file is open.                                         *
*---------------------------------------------------------------------*
WRITELN  ENTER
         LA    R15,4
         CLI   OUTOPEN,0
         BE    WRITEND
         LH    R2,OUTPOS
         LR    R3,R2
         A     R3,=A(OUTBUF)
         MVC   0(LINELEN,R3),0(R1)
         LA    R2,LINELEN(,R2)
         STH   R2,OUTPOS
         LH    R3,OUTLINES
         LA    R3,1(,R3)
         STH   R3,OUTLINES
         SR    R15,R15
         CH    R2,=AL2(BLKLEN)
         BL    WRITEND
         CALL  FLUSH
WRITEND  LEAVE
*---------------------------------------------------------------------*
* FLUSH: writes OUTBUF to a free block and ties that to the file.     *
*---------------------------------------------------------------------*
FLUSH    ENTER
         LA    R15,8
         L     R2,=A(MAPBUF+64+4)  look for a halfword of zero
         LA    R1,2
LOOK     CLC   0(2,R2),=H'0'
         BE    FREEBLK
         LA    R2,2(,R2)
         LA    R1,1(,R1)
         CH    R1,=AL2(BLOCKS)
         BL    LOOK
         B     FLUSHEND            none: the disk is full
FREEBLK  MVC   0(2,R2),=H'-1'      last block of a file
         LH    R3,OUTBLOCK
         LTR   R3,R3
         BNZ   TIE
         STH   R1,OUTFIRST
         B     TIED
TIE      AR    R3,R3
         A     R3,=A(MAPBUF+64)
         STH   R1,0(,R3)           no longer: this one follows
TIED     STH   R1,OUTBLOCK
         L     R0,=A(OUTBUF)
         CALL  BLOCKOUT
         LH    R3,OUTBLKS
         LA    R3,1(,R3)
         STH   R3,OUTBLKS
         XC    OUTPOS,OUTPOS
FLUSHEND LEAVE
*---------------------------------------------------------------------*
* CLOSEOUT: the output file is complete and takes the place of an old *
* one of its name. The data are on the disk already; now map and      *
* directory follow, so that the old file is there until the new is.   *
* R15: 8 disk full, 12 directory full.                                *
*---------------------------------------------------------------------*
CLOSEOUT ENTER
         SR    R15,R15
         CLI   OUTOPEN,0
         BE    CLOSEEND
         MVI   OUTOPEN,0
         LH    R2,OUTPOS
         LTR   R2,R2
         BZ    NOREST
         CALL  FLUSH
         LTR   R15,R15
         BNZ   GIVEUP
NOREST   LA    R1,OUTNAME
         CALL  FIND
         LTR   R15,R15
         BNZ   NEWENTRY
         LR    R5,R1               replace: the old blocks are free
         USING FILE,R5
         LH    R1,FFIRST
         CALL  FREECHN
         B     FILL
NEWENTRY LA    R1,=XL8'00'         a name of zeros: a free entry
         CALL  FIND
         LR    R5,R1
         LTR   R15,R15
         BZ    FILL
         LA    R15,12
GIVEUP   LR    R5,R15
         LH    R1,OUTFIRST
         CALL  FREECHN
         LR    R15,R5
         B     CLOSEEND
FILL     MVC   FNAME,OUTNAME
         MVC   FTYPE,OUTTYPE
         MVC   FFIRST,OUTFIRST
         MVC   FLINES,OUTLINES
         MVC   FBLOCKS,OUTBLKS
         LA    R1,DATETIME
         CALL  TIMEOFDY
         MVC   FDATE,DATETIME
         DROP  R5
         CALL  SYNC
CLOSEEND LEAVE
*---------------------------------------------------------------------*
* SYNC: writes map and directory.                                     *
*---------------------------------------------------------------------*
SYNC     ENTER
         L     R0,=A(MAPBUF)
         SR    R1,R1
         CALL  BLOCKOUT
         LTR   R15,R15
         BNZ   SYNCEND
         L     R0,=A(DIRBUF)
         LA    R1,1
         CALL  BLOCKOUT
SYNCEND  LEAVE
*---------------------------------------------------------------------*
* FREECHN: frees block R1 and those that follow it.                   *
*---------------------------------------------------------------------*
FREECHN  ENTER
FREENEXT LTR   R1,R1
         BNP   FREEEND             -1: that was the last
         AR    R1,R1
         A     R1,=A(MAPBUF+64)
         LH    R2,0(,R1)
         XC    0(2,R1),0(R1)
         LR    R1,R2
         B     FREENEXT
FREEEND  SR    R15,R15
         LEAVE
*---------------------------------------------------------------------*
* REMOVE: erases the file whose name is at R1. R15: 4 if none.        *
*---------------------------------------------------------------------*
REMOVE   ENTER
         CALL  FIND
         LTR   R15,R15
         BNZ   REMOVEND
         LR    R5,R1
         USING FILE,R5
         LH    R1,FFIRST
         CALL  FREECHN
         XC    0(FILELEN,R5),0(R5)
         DROP  R5
         CALL  SYNC
REMOVEND LEAVE
         LTORG
*=====================================================================*
* SERVICES for programs. The nucleus has checked the address in R1.   *
*=====================================================================*
SVCSECT  CSECT
SVEXIT   ENTER
         MVI   OUTOPEN,0           a file that was not closed is lost
         L     R15,=A(COMMAND)
         L     R13,=A(STACK)
         BR    R15
*
SVWRITE  ENTER
         N     R0,=X'000000FF'
         CALL  CONPUT
         LEAVE
*
SVREAD   ENTER
         LR    R5,R1
         CLI   TYPED,0             was a line typed before?
         BNE   HAVELINE
         CALL  CONGET
HAVELINE MVI   TYPED,0
         MVC   0(80,R5),INLINE
         LH    R0,INLENGTH
         SR    R15,R15
         LEAVE
*
SVOPEN   ENTER
         LA    R15,8
         CLI   DISKOK,0
         BE    SVOPENED
         LTR   R0,R0
         BNZ   SVNEW
         CALL  OPENIN
         B     SVOPENED
SVNEW    LA    R0,C'T'
         CALL  OPENOUT
SVOPENED LEAVE
*
SVGET    ENTER
         LR    R5,R1
         CALL  READLN
         LTR   R15,R15
         BNZ   SVGOT
         MVC   0(LINELEN,R5),0(R1)
SVGOT    LEAVE
*---------------------------------------------------------------------*
* TIMEOFDY: date and time to the 17 bytes at R1. Bit 51 of the clock  *
* is a microsecond, and it began with the year 1900.                  *
*---------------------------------------------------------------------*
TIMEOFDY ENTER
         LR    R5,R1
         STCK  TODCLOCK
         LM    R2,R3,TODCLOCK
         SRDL  R2,12               microseconds
         D     R2,=F'60000000'     R3: minutes, R2: rest
         LR    R7,R3
         LR    R3,R2
         SR    R2,R2
         D     R2,=F'1000000'
         LA    R4,15(,R5)
         BAL   R10,TWO             seconds
         SR    R6,R6
         D     R6,=F'60'           R7: hours, R6: minutes
         LR    R3,R6
         LA    R4,12(,R5)
         BAL   R10,TWO
         SR    R6,R6
         D     R6,=F'24'           R7: days, R6: hours
         LR    R3,R6
         LA    R4,9(,R5)
         BAL   R10,TWO
*
* Years: 1900 was none, but each fourth after it is a leap year.
*
         SR    R3,R3
YEAR     LA    R2,365
         LTR   R3,R3
         BZ    PLAIN
         LR    R8,R3
         N     R8,=F'3'
         BNZ   PLAIN
         LA    R2,366
PLAIN    CR    R7,R2
         BL    THISYEAR
         SR    R7,R2
         LA    R3,1(,R3)
         B     YEAR
THISYEAR LA    R4,6(,R5)
         LR    R9,R2               365 or 366
         BAL   R10,TWO
         LA    R3,1                month
         LA    R6,DAYSOF
MONTH    SR    R2,R2
         IC    R2,0(,R6)
         CH    R3,=H'2'
         BNE   NOTFEB
         AR    R2,R9               February: 28 + (366 - 365)
         SH    R2,=H'365'
NOTFEB   CR    R7,R2
         BL    THISMON
         SR    R7,R2
         LA    R3,1(,R3)
         LA    R6,1(,R6)
         B     MONTH
THISMON  LR    R4,R5
         BAL   R10,TWO
         LA    R3,1(,R7)
         LA    R4,3(,R5)
         BAL   R10,TWO
         MVI   2(R5),C'/'
         MVI   5(R5),C'/'
         MVI   8(R5),C' '
         MVI   11(R5),C':'
         MVI   14(R5),C':'
         SR    R15,R15
         LEAVE
TWO      CVD   R3,DECIMAL          two digits of R3 to R4
         OI    DECIMAL+7,X'0F'
         UNPK  0(2,R4),DECIMAL+6(2)
         BR    R10
DAYSOF   DC    AL1(31,28,31,30,31,30,31,31,30,31,30,31)
         LTORG
*=====================================================================*
* COMMANDS. R11 is the base of them all; each ends with B COMMAND.    *
*=====================================================================*
CMDSECT  CSECT
WELCOME  LR    R11,R15
         USING WELCOME,R11
         LA    R1,DATETIME
         CALL  TIMEOFDY
         MVC   OUTLINE,OUTLINE-1
         MVC   OUTLINE(8),=C'PARLEY  '
         MVC   OUTLINE+8(17),DATETIME
         LA    R1,OUTLINE
         LA    R0,25
         CALL  CONPUT
         CLI   DISKOK,0
         BNE   PROMPT
         SAY   'DISK 191 IS NOT FORMATTED. TYPE HELP'
         B     PROMPT
*
COMMAND  L     R11,CMDBASE
PROMPT   L     R13,=A(STACK)
         SAY   'READY'
         MVI   TYPED,0
         CALL  CONGET
*---------------------------------------------------------------------*
* The line into words, each of up to eight characters.                *
*---------------------------------------------------------------------*
         MVI   VERB,C' '           a blank, and from each byte the next
         MVC   VERB+1(23),VERB
         LA    R2,INLINE
         LA    R3,VERB
         LA    R4,3
SKIPBL   LA    R5,INLINE+80
SKIPBLNK CR    R2,R5
         BNL   PARSED
         CLI   0(R2),C' '
         BNE   WORDBEG
         LA    R2,1(,R2)
         B     SKIPBLNK
WORDBEG  LR    R6,R3
         LA    R7,8                room in the word
LETTER   LTR   R7,R7
         BZ    NOROOM
         MVC   0(1,R6),0(R2)
         LA    R6,1(,R6)
         BCTR  R7,0
NOROOM   LA    R2,1(,R2)
         CLI   0(R2),C' '          behind INLINE is a blank
         BNE   LETTER
         LA    R3,8(,R3)
         BCT   R4,SKIPBL
PARSED   CLI   VERB,C' '
         BE    PROMPT
*
         LA    R2,CMDTAB
LOOKCMD  CLC   VERB,0(R2)
         BE    OBEY
         LA    R2,12(,R2)
         CLI   0(R2),X'FF'
         BNE   LOOKCMD
         SAY   'UNKNOWN COMMAND. TYPE HELP'
         B     PROMPT
OBEY     LA    R3,1
         A     R3,COMMANDS
         ST    R3,COMMANDS
         L     R2,8(,R2)
         BR    R2
CMDTAB   DC    CL8'HELP',A(CHELP),CL8'LISTFILE',A(CLIST)
         DC    CL8'TYPE',A(CTYPE),CL8'EDIT',A(CEDIT)
         DC    CL8'ERASE',A(CERASE),CL8'RUN',A(CRUN)
         DC    CL8'DUMP',A(CDUMP),CL8'TIME',A(CTIME)
         DC    CL8'QUERY',A(CQUERY),CL8'FORMAT',A(CFORMAT)
         DC    CL8'QUIT',A(CQUIT),X'FF'
*---------------------------------------------------------------------*
CHELP    LA    R2,HELPTEXT
HELPLINE LR    R1,R2
         LA    R0,48
         CALL  CONPUT
         LA    R2,48(,R2)
         CLI   0(R2),X'FF'
         BNE   HELPLINE
         B     PROMPT
HELPTEXT DC    CL48'HELP               this text'
         DC    CL48'LISTFILE           names of all files'
         DC    CL48'TYPE name          shows a file'
         DC    CL48'EDIT name          writes a file'
         DC    CL48'ERASE name         takes a file away'
         DC    CL48'RUN name parameter runs a program; HX halts it'
         DC    CL48'DUMP address len   shows storage'
         DC    CL48'TIME               date and time'
         DC    CL48'QUERY              what the disk holds'
         DC    CL48'FORMAT             makes a new, empty disk'
         DC    CL48'QUIT               ends'
         DC    X'FF'
*---------------------------------------------------------------------*
NEEDDISK CLI   DISKOK,0
         BNER  R9
NODISK   SAY   'DISK 191 IS NOT FORMATTED'
         B     PROMPT
*
NOFILE   MVC   OUTLINE(8),=C'NO FILE '
         MVC   OUTLINE+8(8),ARG1
         LA    R1,OUTLINE
         LA    R0,16
         CALL  CONPUT
         B     PROMPT
*---------------------------------------------------------------------*
CLIST    BAL   R9,NEEDDISK
         SAY   'NAME     T LINES  BLOCKS  DATE'
         L     R5,=A(DIRBUF)
         USING FILE,R5
         LA    R6,ENTRIES
LISTNEXT CLI   FNAME,0
         BE    LISTSKIP
         MVC   OUTLINE,OUTLINE-1
         MVC   OUTLINE(8),FNAME
         MVC   OUTLINE+9(1),FTYPE
         LH    R1,FLINES
         LA    R2,OUTLINE+10
         BAL   R9,NUMBER
         LH    R1,FBLOCKS
         LA    R2,OUTLINE+18
         BAL   R9,NUMBER
         MVC   OUTLINE+26(8),FDATE
         LA    R1,OUTLINE
         LA    R0,34
         CALL  CONPUT
LISTSKIP LA    R5,FILELEN(,R5)
         BCT   R6,LISTNEXT
         DROP  R5
         B     PROMPT
NUMBER   CVD   R1,DECIMAL          R1 to six places at R2
         MVC   0(6,R2),=X'402020202120'
         ED    0(6,R2),DECIMAL+5
         BR    R9
*---------------------------------------------------------------------*
CTYPE    BAL   R9,NEEDDISK
         LA    R1,ARG1
         CALL  OPENIN
         LTR   R15,R15
         BNZ   NOFILE
         USING FILE,R1
         CLI   FTYPE,C'T'
         DROP  R1
         BE    TYPELINE
         SAY   'THAT IS A PROGRAM'
         B     PROMPT
TYPELINE CALL  READLN
         LTR   R15,R15
         BNZ   PROMPT
         LA    R0,LINELEN          without the blanks behind it
TRIM     LR    R2,R1
         AR    R2,R0
         BCTR  R2,0
         CLI   0(R2),C' '
         BNE   TRIMMED
         BCT   R0,TRIM
TRIMMED  CALL  CONPUT
         B     TYPELINE
*---------------------------------------------------------------------*
CEDIT    BAL   R9,NEEDDISK
         CLI   ARG1,C' '
         BE    NOFILE
         SAY   'LINES, PLEASE; AN EMPTY ONE ENDS'
         LA    R1,ARG1
         LA    R0,C'T'
         CALL  OPENOUT
EDITLINE CALL  CONGET
         LTR   R0,R0
         BZ    EDITED
         LA    R1,INLINE
         CALL  WRITELN
         LTR   R15,R15
         BZ    EDITLINE
EDITED   CALL  CLOSEOUT
         LTR   R15,R15
         BZ    PROMPT
         SAY   'DISK OR DIRECTORY IS FULL'
         B     PROMPT
*---------------------------------------------------------------------*
CERASE   BAL   R9,NEEDDISK
         LA    R1,ARG1
         CALL  REMOVE
         LTR   R15,R15
         BNZ   NOFILE
         B     PROMPT
*---------------------------------------------------------------------*
* RUN: loads the program and gives it control. It finds the command   *
* line at R1, its own address in 15, in 14 the address of an SVC 0,   *
* so that a program may just return, and in 13 a save area.           *
*---------------------------------------------------------------------*
CRUN     BAL   R9,NEEDDISK
         LA    R1,ARG1
         CALL  OPENIN
         LTR   R15,R15
         BNZ   NOFILE
         USING FILE,R1
         CLI   FTYPE,C'P'
         DROP  R1
         BE    LOADIT
         SAY   'THAT IS NO PROGRAM'
         B     PROMPT
LOADIT   L     R5,=A(PROGAREA)
LOADLINE CALL  READLN
         LTR   R15,R15
         BNZ   LOADED
         MVC   0(LINELEN,R5),0(R1)
         LA    R5,LINELEN(,R5)
         C     R5,=A(AREAEND-LINELEN)
         BNH   LOADLINE
         SAY   'PROGRAM TOO LONG'
         B     PROMPT
LOADED   L     R1,=A(USERAREA)
         MVC   0(24,R1),VERB
         MVI   24(R1),C' '
         MVC   25(55,R1),24(R1)
         LA    R14,80(,R1)
         MVC   0(2,R14),=X'0A00'   SVC 0
         LA    R13,88(,R1)
         L     R15,=A(PROGAREA)
         LPSW  PROGPSW
PROGPSW  DC    0D'0',X'80810000',A(PROGAREA)  channel 0 on, key 8,
*                                             problem state
*---------------------------------------------------------------------*
CDUMP    LA    R1,ARG1
         BAL   R9,HEXNUM
         LR    R5,R2
         N     R5,=X'00FFFFF0'
         LA    R1,ARG2
         BAL   R9,HEXNUM
         LTR   R2,R2
         BNZ   *+8
         LA    R2,16
         AR    R2,R5
         LR    R6,R2               R5: from, R6: to
DUMPLINE C     R5,=A(AREAEND)
         BNL   PROMPT
         MVC   OUTLINE,OUTLINE-1
         ST    R5,WORD
         UNPK  HEXWORK(9),WORD(5)
         TR    HEXWORK(8),HEX-240
         MVC   OUTLINE(6),HEXWORK+2
         LA    R7,4                four words in hexadecimal
         LR    R8,R5
         LA    R3,OUTLINE+8
DUMPWORD MVC   WORD(4),0(R8)
         UNPK  0(9,R3),WORD(5)
         TR    0(8,R3),HEX-240
         MVI   8(R3),C' '
         LA    R3,9(,R3)
         LA    R8,4(,R8)
         BCT   R7,DUMPWORD
         MVC   OUTLINE+46(16),0(R5)  and as characters
         L     R8,=A(PRINTABL)
         TR    OUTLINE+46(16),0(R8)
         LA    R1,OUTLINE
         LA    R0,62
         CALL  CONPUT
         LA    R5,16(,R5)
         CR    R5,R6
         BL    DUMPLINE
         B     PROMPT
*
HEXNUM   SR    R2,R2               the word at R1 as a number, to R2
HEXDIGIT CLI   0(R1),C' '
         BER   R9
         SR    R3,R3
         IC    R3,0(,R1)
         CLI   0(R1),C'0'
         BL    *+12
         SH    R3,=AL2(C'0')
         B     *+8
         SH    R3,=AL2(C'A'-10)
         N     R3,=F'15'
         SLL   R2,4
         OR    R2,R3
         LA    R1,1(,R1)
         B     HEXDIGIT
*---------------------------------------------------------------------*
CTIME    LA    R1,DATETIME
         CALL  TIMEOFDY
         LA    R1,DATETIME
         LA    R0,17
         CALL  CONPUT
         B     PROMPT
*---------------------------------------------------------------------*
CQUERY   BAL   R9,NEEDDISK
         SR    R1,R1               count the free blocks
         L     R2,=A(MAPBUF+64)
         LA    R3,BLOCKS
QUERYBLK CLC   0(2,R2),=H'0'
         BNE   *+8
         LA    R1,1(,R1)
         LA    R2,2(,R2)
         BCT   R3,QUERYBLK
         MVC   OUTLINE,OUTLINE-1
         LA    R2,OUTLINE
         BAL   R9,NUMBER
         MVC   OUTLINE+7(22),=C'OF 266 BLOCKS ARE FREE'
         LA    R1,OUTLINE
         LA    R0,29
         CALL  CONPUT
         B     PROMPT
*---------------------------------------------------------------------*
CFORMAT  SAY   'FORMATTING'
         CALL  NEWDISK
         LTR   R15,R15
         BZ    PROMPT
         SAY   'DISK 191 CANNOT BE FORMATTED'
         B     PROMPT
*---------------------------------------------------------------------*
CQUIT    SAY   'GOODBYE'
         L     R2,COMMANDS
         LPSW  GOOD
         LTORG
PRINTABL DC    64C'.',C' ',256C'.'
         ORG   PRINTABL+C'A'
         DC    C'ABCDEFGHI'
         ORG   PRINTABL+C'J'
         DC    C'JKLMNOPQR'
         ORG   PRINTABL+C'S'
         DC    C'STUVWXYZ'
         ORG   PRINTABL+C'0'
         DC    C'0123456789'
         ORG
         DROP  R11,R12
*=====================================================================*
* SAMPLE PROGRAMS. They are assembled here, put on the disk by FORMAT *
* and loaded elsewhere: all their addresses are relative to a base.   *
*=====================================================================*
PROGRAMS CSECT
HELLO    LR    R12,R15
         USING HELLO,R12
         LA    R1,HELLOMSG
         LA    R0,L'HELLOMSG
         SVC   WRITE
         BR    R14
HELLOMSG DC    C'HELLO FROM THE PROBLEM STATE'
HELLOEND EQU   *
*
* Primes below 10000, by sieve.
*
         DS    0D
PRIMES   LR    R12,R15
         USING PRIMES,R12
         L     R4,=X'00009000'     the sieve, in the user area
         LR    R2,R4
         L     R3,=F'10000'
         SR    R8,R8
         SR    R9,R9
         MVCL  R2,R8
         LA    R5,2
         LR    R7,R4
         A     R7,=F'9999'
PNEXT    LR    R1,R4
         AR    R1,R5
         CLI   0(R1),0
         BNE   PCOMPOS
         LR    R9,R5
         MR    R8,R5
         LA    R8,0(R4,R9)
         LR    R6,R5
PCROSS   MVI   0(R8),1
         BXLE  R8,R6,PCROSS
PCOMPOS  LA    R5,1(,R5)
         CH    R5,=H'100'
         BL    PNEXT
         SR    R2,R2
         LA    R8,2(,R4)
         LA    R6,1
PCOUNT   CLI   0(R8),0
         BNE   *+8
         LA    R2,1(,R2)
         BXLE  R8,R6,PCOUNT
         CVD   R2,0(,R13)
         OI    7(R13),X'0F'
         UNPK  PMSG(4),5(3,R13)
         LA    R1,PMSG
         LA    R0,L'PMSG
         SVC   WRITE
         BR    R14
PMSG     DC    C'0000 PRIMES BELOW 10000'
         LTORG
PRIMEEND EQU   *
*
* Counts the lines of the file that the command line names third.
*
         DS    0D
COUNTP   LR    R12,R15
         USING COUNTP,R12
         LA    R1,16(,R1)
         SR    R0,R0
         SVC   OPEN
         LTR   R15,R15
         BNZ   CNONE
         SR    R2,R2
CLINE    LA    R1,8(,R13)
         SVC   GET
         LTR   R15,R15
         BNZ   CEND
         LA    R2,1(,R2)
         B     CLINE
CEND     CVD   R2,0(,R13)
         OI    7(R13),X'0F'
         UNPK  CMSG(5),5(3,R13)
         LA    R1,CMSG
         LA    R0,L'CMSG
         SVC   WRITE
         BR    R14
CNONE    LA    R1,CNOFILE
         LA    R0,L'CNOFILE
         SVC   WRITE
         BR    R14
CMSG     DC    C'00000 LINES'
CNOFILE  DC    C'NO SUCH FILE'
COUNTEND EQU   *
*
* Stores into the nucleus.
*
         DS    0D
CRASH    SR    R2,R2
         ST    R2,X'68'            the program new PSW
         BR    R14
CRASHEND EQU   *
*
* Runs until it is halted.
*
         DS    0D
SPIN     BR    R15
SPINEND  EQU   *
*
         DS    0F
SAMPLES  DC    CL8'HELLO',A(HELLO,HELLOEND)
         DC    CL8'PRIMES',A(PRIMES,PRIMEEND)
         DC    CL8'COUNT',A(COUNTP,COUNTEND)
         DC    CL8'CRASH',A(CRASH,CRASHEND)
         DC    CL8'SPIN',A(SPIN,SPINEND)
         DC    X'FF'
*=====================================================================*
* BUFFERS of the nucleus, behind all code.                            *
*=====================================================================*
BUFFERS  CSECT
STACK    DS    24CL64
MAPBUF   DS    CL(BLKLEN)          block 0
DIRBUF   DS    CL(BLKLEN)          block 1
INBUF    DS    CL(BLKLEN)
OUTBUF   DS    CL(BLKLEN)
         END   BEGIN
