*---------------------------------------------------------------------*
* PAGING - more virtual storage than real storage                     *
*                                                                     *
* The user program has 32 pages of virtual storage for its data, the  *
* supervisor only 12 page frames to put them in. Dynamic address      *
* translation raises a page-translation exception for a page that is  *
* in no frame; the supervisor then chooses a frame by the "clock"     *
* method, writes the page in it to the drum if it was changed, brings *
* the missing page, and lets the user repeat the instruction.         *
* In a virtual machine these tables translate to what is itself       *
* virtual storage: the monitor must keep shadow tables of them, and   *
* keep those true to every invalidation.                              *
*                                                                     *
* Without a drum, pages go to a spare part of storage.                *
* Ends in a disabled wait: address 000000 good, 00DEAD bad.           *
*---------------------------------------------------------------------*
* storage: 256K
* devices: 009=3215
* optional: 2A0=2305
* seconds: 60
* expect: R2 = 02ACD2C0
* expect: storage FAULTS = 00000214
* expect: console ALL PAGES AGREE
*---------------------------------------------------------------------*
R0       EQU   0
R1       EQU   1
R2       EQU   2
R3       EQU   3
R4       EQU   4
R5       EQU   5
R6       EQU   6
R7       EQU   7
R8       EQU   8
R9       EQU   9
R10      EQU   10
R12      EQU   12
R14      EQU   14
R15      EQU   15
CONSOLE  EQU   X'009'
DRUM     EQU   X'2A0'
PAGES    EQU   32                  virtual pages of data
FRAMES   EQU   12                  page frames for them
PERTRACK EQU   3                   pages on a track of a 2305
USERKEY  EQU   X'80'
INVALID  EQU   X'08'               bit in a page-table entry
*
EXIT     EQU   0                   SVC numbers: done, result in R2
WRONG    EQU   1                   something is not as it should be
SAY      EQU   2                   write R0 bytes at R1
*---------------------------------------------------------------------*
PAGING   START 0
         USING PAGING,R0
FRAME0   EQU   PAGING+X'4000'      real: the page frames
SPARE    EQU   PAGING+X'10000'     real: takes pages without a drum
DATA     EQU   PAGING+X'10000'     virtual: the user's data
         DC    X'00080000',A(MAIN)     00 restart new PSW
         ORG   PAGING+X'20'
SVCOLD   DS    D                   20 SVC old PSW
PGMOLD   DS    D                   28 program old PSW
         ORG   PAGING+X'40'
CSW      DS    D                   40 channel status word
CAW      DS    A                   48 channel address word
         ORG   PAGING+X'58'
         DC    X'000A0000',A(X'DEAD')  58 external new: unexpected
         DC    X'00080000',A(SVCINT)   60 SVC new
         DC    X'00080000',A(PGMINT)   68 program new
         DC    X'000A0000',A(X'DEAD')  70 machine check: unexpected
         DC    X'00080000',A(IOINT)    78 I/O new
         ORG   PAGING+X'8A'
SVCCODE  DS    H                   8A SVC number, EC mode
         ORG   PAGING+X'8E'
PGMCODE  DS    H                   8E program-interruption code
XADDRESS DS    A                   90 translation-exception address
*---------------------------------------------------------------------*
* Prepare: control registers, keys, drum.                             *
*---------------------------------------------------------------------*
         ORG   PAGING+X'800'
MAIN     STCTL R0,R0,CRS           0: format of the tables,
         NI    CRS+1,X'07'           pages of 4096 bytes in
         OI    CRS+1,X'80'             segments of 65536
         LCTL  R0,R2,NEWCRS        1: where the segment table is
*                                  2: channels that may interrupt
         LA    R0,USERKEY          the user's blocks and all frames
         L     R1,=A(USER)           get the user's key
         L     R2,=A(FRAME0+FRAMES*4096)
KEYS     SSK   R0,R1
         A     R1,=F'2048'
         CR    R1,R2
         BL    KEYS
*
         TIO   DRUM
         BC    1,START             condition code 3: there is no drum
         MVI   HAVEDRUM,1
         L     R4,=A((PAGES+PERTRACK-1)/PERTRACK)
FORMATIT BCTR  R4,0                write empty records on its tracks,
         LR    R1,R4                 the last first
         MH    R1,=AL2(PERTRACK)
         BAL   R14,SEEK            sets cylinder and head
         MVI   RECORD,0
         LA    R3,PERTRACK
         LA    R5,COUNTS
NAME     MVC   0(4,R5),SEEKARG+2   count fields have them, too
         LA    R5,8(,R5)
         BCT   R3,NAME
         LA    R0,FORMAT
         BAL   R14,DRUMIO
         LTR   R4,R4
         BNZ   FORMATIT
START    LPSW  USERPSW
*---------------------------------------------------------------------*
* Program interruption.                                               *
*---------------------------------------------------------------------*
PGMINT   STM   R0,R15,USERREGS
         LH    R1,PGMCODE
         CH    R1,=X'0011'         page translation
         BNE   BAD
         L     R4,FAULTS
         LA    R4,1(,R4)
         ST    R4,FAULTS
         L     R4,XADDRESS
         S     R4,=A(DATA)         which of the user's pages?
         BM    BAD
         SRL   R4,12               R4: number of the missing page
         CH    R4,=AL2(PAGES)
         BNL   BAD
*
* The clock: its hand goes round the frames. A page that was used
* since the hand was there last gets a second chance; its reference
* bit is reset (in each of the two blocks of 2048 bytes that it is).
*
CLOCK    L     R5,HAND
         LA    R5,1(,R5)
         CH    R5,=AL2(FRAMES)
         BL    *+6
         SR    R5,R5
         ST    R5,HAND             R5: number of a frame
         LR    R6,R5
         SLL   R6,12
         A     R6,=A(FRAME0)       R6: its address
         LR    R7,R5
         AR    R7,R7
         LH    R8,OWNERS(R7)       R8: page in it
         LTR   R8,R8
         BM    TAKE                none: take it
         RRB   0(R6)
         BC    3,SECOND            condition code 2 or 3: referenced
         RRB   2048(R6)
         BC    12,EVICT
         B     CLOCK
SECOND   RRB   2048(R6)
         B     CLOCK
*
* Take its page away. From now on no translation may use it: not the
* table, and not what the processor remembers of the table. Only then
* do the change bits tell whether the drum has an old copy.
*
EVICT    LR    R9,R8
         AR    R9,R9
         LA    R9,PAGETAB(R9)
         OI    1(R9),INVALID
         PTLB
         ISK   R2,R6
         LA    R10,2048(,R6)
         ISK   R3,R10
         OR    R2,R3
         N     R2,=X'00000002'     changed?
         BZ    TAKE
         LA    R0,1
         A     R0,PAGEOUTS
         ST    R0,PAGEOUTS
         LR    R1,R8
         LA    R9,SAVED(R8)
         MVI   0(R9),1             there is a copy outside now
         CLI   HAVEDRUM,0
         BE    COPYOUT
         BAL   R14,SEEK
         ST    R6,WRITECCW
         MVI   WRITECCW,X'05'
         LA    R0,WRITEPG
         BAL   R14,DRUMIO
         B     TAKE
COPYOUT  SLL   R1,12               no drum: into the spare storage
         A     R1,=A(SPARE)
         LR    R2,R1
         L     R3,=F'4096'
         LR    R14,R6
         LR    R15,R3
         MVCL  R2,R14
*
* Bring the missing page: from outside if it was ever there, else it
* is a page of zeros.
*
TAKE     STH   R4,OWNERS(R7)
         LR    R1,R4
         LA    R9,SAVED(R4)
         CLI   0(R9),0
         BE    ZEROS
         CLI   HAVEDRUM,0
         BE    COPYIN
         BAL   R14,SEEK
         ST    R6,READCCW
         MVI   READCCW,X'06'
         LA    R0,READPG
         BAL   R14,DRUMIO
         B     ENTER
COPYIN   SLL   R1,12
         A     R1,=A(SPARE)
         LR    R14,R1
         L     R15,=F'4096'
         B     MOVE
ZEROS    SR    R14,R14
         SR    R15,R15             from nowhere: padded with zeros
MOVE     LR    R2,R6
         L     R3,=F'4096'
         MVCL  R2,R14
*
* Enter the frame into the page table, with clean reference and change
* bits. Load Real Address must find the frame now.
*
ENTER    LA    R0,USERKEY
         SSK   R0,R6
         LA    R10,2048(,R6)
         SSK   R0,R10
         LR    R9,R4
         AR    R9,R9
         LR    R1,R6
         SRL   R1,8                12 bits of frame number, 4 of flags
         STH   R1,PAGETAB(R9)
         L     R1,XADDRESS
         N     R1,=X'00FFF000'
         LRA   R2,0(,R1)
         BNZ   BAD
         CR    R2,R6
         BNE   BAD
         LM    R0,R15,USERREGS
         LPSW  PGMOLD              the user tries again
*---------------------------------------------------------------------*
* SEEK: cylinder, head and record of page R1 on the drum.             *
*---------------------------------------------------------------------*
SEEK     SR    R0,R0
         D     R0,=A(PERTRACK)     R0: record, counted from 0
         A     R0,=F'1'
         STC   R0,RECORD
         SR    R0,R0
         D     R0,=F'8'            8 tracks in a cylinder
         STH   R1,SEEKARG+2
         STH   R0,SEEKARG+4
         BR    R14
*---------------------------------------------------------------------*
* DRUMIO, CONSIO: run the channel program at R0 to its end.           *
*---------------------------------------------------------------------*
DRUMIO   LA    R15,DRUM
         B     DOIO
CONSIO   LA    R15,CONSOLE
DOIO     ST    R0,CAW
TRYIO    SIO   0(R15)
         BC    2,TRYIO             2: channel or device busy
         BC    1,BAD               3: not there
         BC    8,WAITIO            0: started
         TM    CSW+4,X'10'         1: it had something else to say
         BO    TRYIO
         B     BAD
WAITIO   LPSW  WAITING
IOINT    TM    CSW+4,X'73'         busy, check, exception?
         BNZ   BAD
         CLI   CSW+5,0
         BNE   BAD
         TM    CSW+4,X'04'         device end?
         BZ    WAITIO
         BR    R14
*---------------------------------------------------------------------*
* Supervisor call.                                                    *
*---------------------------------------------------------------------*
SVCINT   STM   R0,R15,USERREGS
         LH    R3,SVCCODE
         CH    R3,=AL2(SAY)
         BE    WRITE
         CH    R3,=AL2(EXIT)
         BNE   BAD
         ST    R2,RESULT
         LPSW  GOOD
*
* Channels know real addresses only. The message must lie within a
* page, and the page in a frame: the user has just filled it.
*
WRITE    LRA   R4,0(,R1)
         BNZ   BAD
         ST    R4,SAYCCW
         MVI   SAYCCW,X'09'
         STH   R0,SAYCCW+6
         LA    R0,SAYCCW
         BAL   R14,CONSIO
         LM    R0,R15,USERREGS
         LPSW  SVCOLD
BAD      LPSW  FAILED
*---------------------------------------------------------------------*
USERPSW  DC    0D'0',X'04890000',A(USER)  DAT, key 8, problem state
WAITING  DC    0D'0',X'020A0000',A(0)  I/O enabled, wait
GOOD     DC    0D'0',X'000A0000',A(0)
FAILED   DC    0D'0',X'000A0000',A(X'DEAD')
*
FORMAT   CCW   X'07',SEEKARG,X'40',6      seek
         CCW   X'31',SEEKARG+2,X'40',5    search identifier equal:
         CCW   X'08',*-8,0,1                record 0
         CCW   X'1D',COUNTS,X'80',8       write count and data of
         CCW   X'1D',FRAME0,X'40',4096      three records
         CCW   X'1D',COUNTS+8,X'80',8
         CCW   X'1D',FRAME0,X'40',4096
         CCW   X'1D',COUNTS+16,X'80',8
         CCW   X'1D',FRAME0,0,4096
WRITEPG  CCW   X'07',SEEKARG,X'40',6
         CCW   X'31',SEEKARG+2,X'40',5
         CCW   X'08',*-8,0,1
WRITECCW CCW   X'05',0,0,4096      write data
READPG   CCW   X'07',SEEKARG,X'40',6
         CCW   X'31',SEEKARG+2,X'40',5
         CCW   X'08',*-8,0,1
READCCW  CCW   X'06',0,0,4096      read data
SAYCCW   CCW   X'09',0,X'20',1
SEEKARG  DC    H'0,0,0'            bin, cylinder, head
RECORD   DC    X'00'
HAVEDRUM DC    X'00'
         DS    0D
COUNTS   DC    AL2(0,0),AL1(1,0),AL2(4096)
         DC    AL2(0,0),AL1(2,0),AL2(4096)
         DC    AL2(0,0),AL1(3,0),AL2(4096)
*
USERREGS DS    16F
NEWCRS   EQU   *
CRS      DS    F                   control register 0
         DC    A(SEGTAB)           control register 1: length 0 is 16
         DC    X'FFFFFFFF'         control register 2
HAND     DC    F'-1'
FAULTS   DC    F'0'
PAGEOUTS DC    F'0'
RESULT   DS    F
OWNERS   DC    (FRAMES)H'-1'       page in each frame
SAVED    DC    (PAGES)X'00'        1: a copy of the page is outside
*
* Segment 0 is the user's program: one page, which is always in its
* frame. Segments 1 and 2 are the data.
*
         DS    0D
PAGETAB0 DC    X'0008',X'0008',AL2((USER-PAGING)/256),13X'0008'
PAGETAB  DC    (PAGES)X'0008'      all invalid
         LTORG
         ORG   PAGING+X'F80'
SEGTAB   DC    X'F0',AL3(PAGETAB0)  16 entries in each page table
         DC    X'F0',AL3(PAGETAB)
         DC    X'F0',AL3(PAGETAB+32)
         DC    13X'00000001'       invalid
*---------------------------------------------------------------------*
* The user program: touches its pages as programs do, many times near *
* the place where it was last, now and then far away.                 *
*---------------------------------------------------------------------*
         ORG   PAGING+X'2000'
TOUCHES  EQU   8000
USER     BALR  R12,0
         USING *,R12
         LA    R4,1                R4: number of the touch
         LA    R8,1                R8: random number
         SR    R2,R2               R2: sum
TOUCH    MH    R8,=H'25173'
         A     R8,=F'13849'
         N     R8,=X'0000FFFF'
         LR    R5,R8               one of the 8 pages of a window that
         SRL   R5,8                  slowly moves on ...
         N     R5,=F'7'
         LR    R6,R4
         SRL   R6,6
         AR    R5,R6
         LR    R6,R8
         N     R6,=X'000000F0'
         BNZ   NEAR
         LR    R5,R8               ... or any page
         SRL   R5,11
NEAR     N     R5,=A(PAGES-1)
         LR    R6,R5
         SLL   R6,12
         A     R6,=A(DATA)         R6: page
         SLL   R5,2                R5: offset in COUNTERS
         LR    R7,R8
         N     R7,=X'000000FF'
         SLL   R7,4
         LA    R7,8(R6,R7)         R7: word in the page
         L     R9,0(,R6)           word 0 counts the changes
         C     R9,COUNTERS(R5)
         BNE   MISMATCH
         LR    R10,R8
         N     R10,=F'1'
         BZ    JUSTREAD
         LA    R9,1(,R9)
         ST    R9,0(,R6)
         ST    R9,COUNTERS(R5)
         L     R10,0(,R7)
         AR    R10,R4
         ST    R10,0(,R7)
JUSTREAD A     R2,0(,R7)
         LA    R4,1(,R4)
         C     R4,=A(TOUCHES)
         BNH   TOUCH
*
* At the end, add up every word of every page.
*
         L     R6,=A(DATA)
         L     R7,=A(PAGES*1024)
SUM      A     R2,0(,R6)
         LA    R6,4(,R6)
         BCT   R7,SUM
         C     R2,ANSWER
         BNE   MISMATCH
         L     R1,=A(DATA+100)     say so, from a page
         MVC   0(L'TEXT,R1),TEXT
         LA    R0,L'TEXT
         SVC   SAY
         SVC   EXIT
MISMATCH SVC   WRONG
COUNTERS DC    (PAGES)F'0'
ANSWER   DC    X'02ACD2C0'
TEXT     DC    C'ALL PAGES AGREE'
         LTORG
         END   MAIN
