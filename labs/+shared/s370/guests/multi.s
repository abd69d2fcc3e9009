*---------------------------------------------------------------------*
* MULTI - a small multiprogramming system                             *
*                                                                     *
* Three tasks share one processor and 12 page frames. Each has an     *
* address space of its own: the same virtual addresses, but other     *
* segment and page tables. The CPU timer ends a task's time slice;    *
* while a page of one task comes from the drum the others go on.      *
* Together the tasks have more pages than there are frames.           *
*                                                                     *
*   real storage   0000  this supervisor                              *
*                  1000  program of task A, 2000 of B, 3000 of C      *
*                  4000  12 page frames                               *
*   virtual        0000  the task's program (page 0)                  *
*                  1000  the task's data (pages 1 to 15)              *
*   drum           page p of task t is record 16 * t + p              *
*                                                                     *
* Ends in a disabled wait: address 000000 good, 00DEAD bad.           *
*---------------------------------------------------------------------*
* storage: 64K
* devices: 009=3215 2A0=2305
* seconds: 120
* expect: R2 = 2BEB5AF5
* expect: console TASK A: 1900 PRIMES BELOW 16384
* expect: console TASK B: 4096 NUMBERS SORTED
* expect: console TASK C: PRODUCT OF TWO MATRICES
* expect: console ALL TASKS DONE
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
R11      EQU   11                  supervisor: task control block
R12      EQU   12                  tasks: base
R13      EQU   13
R14      EQU   14                  supervisor: link
R15      EQU   15
CONSOLE  EQU   X'009'
DRUM     EQU   X'2A0'
TASKS    EQU   3
PERTASK  EQU   16                  pages of a task
FRAMES   EQU   12
PERTRACK EQU   3                   pages on a track of a 2305
INVALID  EQU   X'08'               bit in a page-table entry
CC       EQU   X'40'               CCW flag: chain command
CD       EQU   X'80'               CCW flag: chain data
*
EXIT     EQU   0                   SVC numbers: task ends, result in R2
WRITE    EQU   1                   write R0 bytes (60 at most) at R1
*
READY    EQU   0                   states of a task: can run,
PAGEWAIT EQU   1                   needs the page of TCBADDR,
CONSWAIT EQU   2                   needs the console,
DONE     EQU   3                   has ended
*---------------------------------------------------------------------*
* All that the supervisor knows of a task.                            *
*---------------------------------------------------------------------*
TCB      DSECT
TCBSEG   DS    16F                 its segment table
TCBPAGE  DS    16H                 its page table
TCBPSW   DS    D                   where it goes on
TCBREGS  DS    16F
TCBCR1   DS    F                   its control register 1
TCBADDR  DS    F                   address of the missing page
TCBSUM   DS    F                   its result
TCBSLOT  DS    H                   its first record on the drum
TCBSTATE DS    X
         DS    0D
TCBLEN   EQU   256                 keeps segment tables on boundaries
*---------------------------------------------------------------------*
MULTI    START 0
         USING MULTI,R0
         USING TCB,R11
FRAME0   EQU   MULTI+X'4000'
         DC    X'00080000',A(MAIN)     00 restart new PSW
         ORG   MULTI+X'18'
EXTOLD   DS    D                   18 external old PSW
SVCOLD   DS    D                   20 SVC old PSW
PGMOLD   DS    D                   28 program old PSW
         ORG   MULTI+X'38'
IOOLD    DS    D                   38 I/O old PSW
CSW      DS    D                   40 channel status word
CAW      DS    A                   48 channel address word
         ORG   MULTI+X'58'
         DC    X'00080000',A(EXTINT)   58 external new
         DC    X'00080000',A(SVCINT)   60 SVC new
         DC    X'00080000',A(PGMINT)   68 program new
         DC    X'000A0000',A(X'DEAD')  70 machine check: unexpected
IONEW    DC    X'00080000',A(SETUPIO)  78 I/O new, until all is set up
         ORG   MULTI+X'86'
EXTCODE  DS    H                   86 external-interruption code
         ORG   MULTI+X'8A'
SVCCODE  DS    H                   8A SVC number
         ORG   MULTI+X'8E'
PGMCODE  DS    H                   8E program-interruption code
XADDRESS DS    A                   90 translation-exception address
         ORG   MULTI+X'BA'
IOADDR   DS    H                   BA address of the device
*---------------------------------------------------------------------*
* Set up: control registers, drum, then dispatch.                     *
*---------------------------------------------------------------------*
         ORG   MULTI+X'200'
MAIN     STCTL R0,R0,CRS           0: pages of 4096 bytes in segments
         NI    CRS+1,X'07'           of 65536; of all external
         OI    CRS+1,X'80'           interruptions only the CPU timer's
         NI    CRS+2,X'03'
         OI    CRS+2,X'04'
         NI    CRS+3,X'1F'
         LCTL  R0,R2,CRS           1: none yet; 2: all channels
*
* Write the tracks of the drum: empty pages, and then the programs,
* which are page 0 of each task.
*
         LA    R4,TASKS*PERTASK/PERTRACK
FORMAT   BCTR  R4,0                the last track first
         LR    R1,R4
         MH    R1,=AL2(PERTRACK)
         LA    R5,WSEEK
         BAL   R14,SEEK
         MVI   6(R5),0             search for record 0
         LA    R3,PERTRACK
         LA    R6,COUNTS
NAME     MVC   0(4,R6),2(R5)
         LA    R6,8(,R6)
         BCT   R3,NAME
         LA    R0,FORMATER
         BAL   R13,RUNDRUM
         LTR   R4,R4
         BP    FORMAT
*
         L     R11,=A(TCBS)
         L     R7,=A(MULTI+X'1000')
         LA    R9,TASKS
PROGRAM  LH    R1,TCBSLOT
         LA    R2,SAVED(R1)
         MVI   0(R2),1             from now on the drum has it
         LA    R5,WSEEK
         BAL   R14,SEEK
         ST    R7,WDATA
         MVI   WDATA,X'05'
         LA    R0,WPAGE
         BAL   R13,RUNDRUM
         LA    R11,TCBLEN(,R11)
         A     R7,=F'4096'
         BCT   R9,PROGRAM
         MVC   IONEW+4(4),=A(IOINT)
         B     DISPATCH
*
RUNDRUM  BAL   R14,STARTDRM        set-up only: start the drum and wait
WAITDRUM LPSW  IDLE                  for it
SETUPIO  TM    CSW+4,X'73'
         BNZ   BAD
         TM    CSW+4,X'04'
         BZ    WAITDRUM
         MVI   DRUMBUSY,0
         BR    R13
*---------------------------------------------------------------------*
* DISPATCH: gives the processor to the next task that can use it.     *
*---------------------------------------------------------------------*
DISPATCH L     R11,LAST
         LA    R2,TASKS
NEXT     LA    R11,TCBLEN(,R11)
         C     R11,=A(TCBS+TASKS*TCBLEN)
         BL    *+8
         L     R11,=A(TCBS)
         CLI   TCBSTATE,READY
         BE    RUN
         BCT   R2,NEXT
*
* None: wait for the drum or the console, unless all tasks are done.
*
         XC    CURRENT,CURRENT
         CLI   CONSBUSY,0
         BNE   WAIT
         CLI   UNDONE,0
         BE    FINISH
WAIT     LPSW  IDLE
*
RUN      ST    R11,CURRENT
         ST    R11,LAST
         LCTL  R1,R1,TCBCR1        its address space,
         SPT   SLICE               its time,
         LA    R2,1
         A     R2,SLICES
         ST    R2,SLICES
         MVC   RUNPSW,TCBPSW
         LM    R0,R15,TCBREGS      its registers,
         LPSW  RUNPSW              its PSW
*---------------------------------------------------------------------*
* KEEP: puts the interrupted task away. R1 points to its old PSW, its *
* registers are in SAVE. R11 is its control block afterwards, or 0 if *
* the supervisor was idle.                                            *
*---------------------------------------------------------------------*
KEEP     L     R11,CURRENT
         LTR   R11,R11
         BZR   R14
         MVC   TCBREGS(64),SAVE
         MVC   TCBPSW,0(R1)
         BR    R14
*---------------------------------------------------------------------*
* External interruption: the time slice is over.                      *
*---------------------------------------------------------------------*
EXTINT   STM   R0,R15,SAVE
         LA    R1,EXTOLD
         BAL   R14,KEEP
         CLC   EXTCODE,=X'1005'    CPU timer
         BE    DISPATCH
         B     BAD
*---------------------------------------------------------------------*
* Program interruption: a page is missing, or the task is in error.   *
*---------------------------------------------------------------------*
PGMINT   STM   R0,R15,SAVE
         LA    R1,PGMOLD
         BAL   R14,KEEP
         CLC   PGMCODE,=X'0011'    page translation
         BNE   BAD
         MVC   TCBADDR,XADDRESS
NEEDPAGE MVI   TCBSTATE,PAGEWAIT
         LA    R1,1
         A     R1,FAULTS
         ST    R1,FAULTS
         LA    R14,DISPATCH
         B     PAGER
*---------------------------------------------------------------------*
* Supervisor call.                                                    *
*---------------------------------------------------------------------*
SVCINT   STM   R0,R15,SAVE
         LA    R1,SVCOLD
         BAL   R14,KEEP
         CLC   SVCCODE,=AL2(WRITE)
         BE    WRITELN
         CLC   SVCCODE,=AL2(EXIT)
         BNE   BAD
         MVC   TCBSUM,TCBREGS+2*4
         MVI   TCBSTATE,DONE
         IC    R1,UNDONE
         BCTR  R1,0
         STC   R1,UNDONE
*
* Its frames are free again.
*
         SR    R7,R7
FREE     LH    R1,OWNERS(R7)
         SH    R1,TCBSLOT
         BM    NOTHIS
         CH    R1,=AL2(PERTASK)
         BNL   NOTHIS
         LA    R2,OWNERS(R7)
         MVC   0(2,R2),=H'-1'
NOTHIS   LA    R7,2(,R7)
         CH    R7,=AL2(2*FRAMES)
         BL    FREE
         PTLB
         B     DISPATCH
*
* Write. If the console is busy or the page with the text is missing,
* the task will repeat its supervisor call: its PSW is set back by the
* two bytes of the instruction.
*
WRITELN  LM    R0,R1,TCBREGS       length, address
         CLI   CONSBUSY,0
         BNE   TOOEARLY
         LA    R3,TEXTEND-TEXT
         CR    R0,R3
         BH    BAD
         LR    R2,R1               the text must end in the page in
         N     R2,=X'00000FFF'       which it begins
         AR    R2,R0
         C     R2,=F'4096'
         BH    BAD
         LRA   R2,0(,R1)           where is it really?
         BC    8,TAKETEXT
         BC    5,BAD               not in the task's space at all
         ST    R1,TCBADDR
         BAL   R14,SETBACK
         B     NEEDPAGE
TOOEARLY BAL   R14,SETBACK
         MVI   TCBSTATE,CONSWAIT
         B     DISPATCH
SETBACK  L     R1,TCBPSW+4
         SH    R1,=H'2'
         ST    R1,TCBPSW+4
         BR    R14
*
TAKETEXT STH   R0,CONSCCW+6
         LR    R3,R0
         BCTR  R3,0
         EX    R3,MOVETEXT
         LA    R0,CONSCCW
         BAL   R14,STARTCON
         B     DISPATCH
MOVETEXT MVC   TEXT(0),0(R2)
*---------------------------------------------------------------------*
* I/O interruption.                                                   *
*---------------------------------------------------------------------*
IOINT    STM   R0,R15,SAVE
         LA    R1,IOOLD
         BAL   R14,KEEP
         LA    R14,DISPATCH
         TM    CSW+4,X'73'         busy, check, exception?
         BNZ   BAD
         TM    CSW+4,X'04'         device end?
         BZ    DISPATCH
         CLC   IOADDR,=AL2(DRUM)
         BE    ARRIVED
         CLC   IOADDR,=AL2(CONSOLE)
         BNE   BAD
         MVI   CONSBUSY,0          whoever waited may try again
         L     R11,=A(TCBS)
         LA    R2,TASKS
WAKE     CLI   TCBSTATE,CONSWAIT
         BNE   *+8
         MVI   TCBSTATE,READY
         LA    R11,TCBLEN(,R11)
         BCT   R2,WAKE
         B     DISPATCH
*---------------------------------------------------------------------*
* PAGER: if the drum is idle, works for a task that waits for a page. *
* Serves one page at a time; ARRIVED goes on when the drum is done.   *
*---------------------------------------------------------------------*
PAGER    CLI   DRUMBUSY,0
         BNER  R14
         L     R11,SERVED          fair: begin behind the one that was
         LA    R2,TASKS              served last
SEARCH   LA    R11,TCBLEN(,R11)
         C     R11,=A(TCBS+TASKS*TCBLEN)
         BL    *+8
         L     R11,=A(TCBS)
         CLI   TCBSTATE,PAGEWAIT
         BE    SERVE
         BCT   R2,SEARCH
         BR    R14
SERVE    ST    R11,SERVED
*
* The clock: a frame referenced since the hand was there last stays.
*
CLOCK    L     R5,HAND
         LA    R5,1(,R5)
         CH    R5,=AL2(FRAMES)
         BL    *+6
         SR    R5,R5
         ST    R5,HAND
         LR    R6,R5
         SLL   R6,12
         A     R6,=A(FRAME0)       R6: address of the frame
         LR    R7,R5
         AR    R7,R7
         LA    R7,OWNERS(R7)       R7: address of its owner's number
         LH    R8,0(,R7)           R8: owner: 16 * task + page
         LTR   R8,R8
         BM    CLEAN               nobody
         RRB   0(R6)
         BC    3,SECOND
         RRB   2048(R6)
         BC    3,CLOCK
         B     EVICT
SECOND   RRB   2048(R6)
         B     CLOCK
*
* Its page is invalid from now on, in the table and in what the
* processor remembers of it. If it was changed it must be written.
*
EVICT    LR    R1,R8
         BAL   R15,ENTRY           R1: address of its page-table entry
         OI    1(R1),INVALID
         PTLB
         ISK   R2,R6
         LA    R1,2048(,R6)
         ISK   R3,R1
         OR    R2,R3
         N     R2,=X'00000002'     change bit
         BZ    CLEAN
         LR    R1,R8
         LA    R2,SAVED(R1)
         MVI   0(R2),1             the drum has it
         LR    R10,R14
         LA    R5,WSEEK
         BAL   R14,SEEK
         LR    R14,R10
         ST    R6,WDATA
         MVI   WDATA,X'05'
         MVI   WDATA+4,CC
         LA    R0,WPAGE            the channel program writes, and then
         B     *+8                   reads
CLEAN    LA    R0,RPAGE            the channel program reads only
*
* The missing page: on the drum, or a new one.
*
         ST    R6,INFRAME
         L     R1,TCBADDR
         SRL   R1,12
         AH    R1,TCBSLOT
         STH   R1,0(,R7)           new owner
         LA    R2,SAVED(R1)
         CLI   0(R2),0
         BE    NEWPAGE
         LR    R10,R14
         LA    R5,RSEEK
         BAL   R14,SEEK
         ST    R6,RDATA
         MVI   RDATA,X'06'
         LR    R14,R10
         B     STARTDRM
NEWPAGE  MVI   WDATA+4,0           nothing to read
         C     R0,=A(WPAGE)
         BE    STARTDRM
*
* ARRIVED: the drum has done its part. A page that it did not have
* begins with zeros.
*
ARRIVED  MVI   DRUMBUSY,0
         L     R11,SERVED
         L     R6,INFRAME
         L     R1,TCBADDR
         SRL   R1,12
         AH    R1,TCBSLOT
         LA    R2,SAVED(R1)
         CLI   0(R2),0
         BNE   ENTER
         LR    R2,R6
         L     R3,=F'4096'
         SR    R4,R4
         SR    R5,R5
         MVCL  R2,R4
ENTER    BAL   R15,ENTRY
         LR    R2,R6
         SRL   R2,8
         STH   R2,0(,R1)           the page-table entry: valid
         LA    R2,X'80'            key 8; not referenced, not changed
         SSK   R2,R6
         LA    R1,2048(,R6)
         SSK   R2,R1
         MVI   TCBSTATE,READY
         B     PAGER               the next, please
*
* ENTRY: address of the page-table entry of page R1 (16 * task + page).
*
ENTRY    SR    R0,R0
         D     R0,=A(PERTASK)      R1: task, R0: page in it
         SLL   R1,8                  256 bytes for each block
         SLL   R0,1
         AR    R1,R0
         A     R1,=A(TCBS+TCBPAGE-TCB)
         BR    R15
*
* SEEK: puts cylinder, head and record of drum page R1 to R5.
*
SEEK     ST    R0,SEEKR0
         SR    R0,R0
         D     R0,=A(PERTRACK)
         A     R0,=F'1'            records are counted from 1
         STC   R0,6(,R5)
         SR    R0,R0
         D     R0,=F'8'            8 tracks in a cylinder
         STH   R1,2(,R5)
         STH   R0,4(,R5)
         L     R0,SEEKR0
         BR    R14
*
* Start the channel program at R0.
*
STARTCON MVI   CONSBUSY,X'FF'
         LA    R15,CONSOLE
         B     STARTIO
STARTDRM MVI   DRUMBUSY,X'FF'
         LA    R15,DRUM
STARTIO  ST    R0,CAW
AGAIN    SIO   0(R15)
         BCR   8,R14               0: started
         BC    2,AGAIN             2: busy
         BC    1,BAD               3: not there
         TM    CSW+4,X'10'         1: it had something else to say
         BO    AGAIN
BAD      LPSW  FAILED
*---------------------------------------------------------------------*
* All done: the sum of all results.                                   *
*---------------------------------------------------------------------*
FINISH   CLI   TOLD,0
         BNE   END
         MVI   TOLD,1
         L     R1,FAULTS
         CVD   R1,DECIMAL
         MVC   TEXT(L'LASTWORD),LASTWORD
         MVC   TEXT+14(6),=X'402020202120'
         ED    TEXT+14(6),DECIMAL+5
         LA    R0,L'LASTWORD
         STH   R0,CONSCCW+6
         LA    R0,CONSCCW
         BAL   R14,STARTCON
         B     DISPATCH
END      L     R11,=A(TCBS)
         SR    R2,R2
         LA    R3,TASKS
TOTAL    AL    R2,TCBSUM
         LA    R11,TCBLEN(,R11)
         BCT   R3,TOTAL
         C     R2,ANSWER
         BNE   BAD
         LPSW  GOOD
*---------------------------------------------------------------------*
SLICE    DC    0D'0',X'0000000002710000'  10 milliseconds: bit 51 of
*                                  the timer is a microsecond
DECIMAL  DS    D
RUNPSW   DS    D
IDLE     DC    0D'0',X'020A0000',A(0)    I/O enabled, wait
GOOD     DC    0D'0',X'000A0000',A(0)
FAILED   DC    0D'0',X'000A0000',A(X'DEAD')
*
FORMATER CCW   X'07',WSEEK,CC,6    seek, search record 0, write three
         CCW   X'31',WSEEK+2,CC,5
         CCW   X'08',*-8,0,1
         CCW   X'1D',COUNTS,CD,8
         CCW   X'1D',FRAME0,CC,4096
         CCW   X'1D',COUNTS+8,CD,8
         CCW   X'1D',FRAME0,CC,4096
         CCW   X'1D',COUNTS+16,CD,8
         CCW   X'1D',FRAME0,0,4096
WPAGE    CCW   X'07',WSEEK,CC,6
         CCW   X'31',WSEEK+2,CC,5
         CCW   X'08',*-8,0,1
WDATA    CCW   X'05',0,0,4096      write data; may chain to the next
RPAGE    CCW   X'07',RSEEK,CC,6
         CCW   X'31',RSEEK+2,CC,5
         CCW   X'08',*-8,0,1
RDATA    CCW   X'06',0,0,4096      read data
CONSCCW  CCW   X'09',TEXT,X'20',1
WSEEK    DC    H'0,0,0',X'00'      bin, cylinder, head, record
         DS    0H
RSEEK    DC    H'0,0,0',X'00'
         DS    0D
COUNTS   DC    AL2(0,0),AL1(1,0),AL2(4096)
         DC    AL2(0,0),AL1(2,0),AL2(4096)
         DC    AL2(0,0),AL1(3,0),AL2(4096)
*
CRS      DS    F                   control register 0,
         DC    A(0)                  1,
         DC    X'FFFFFFFF'           2
SAVE     DS    16F
SEEKR0   DS    F
CURRENT  DC    A(0)                task that runs, or 0
LAST     DC    A(TCBS)             task that ran last
SERVED   DC    A(TCBS)             task that the pager works for
INFRAME  DS    A                   frame that it fills
HAND     DC    F'-1'
FAULTS   DC    F'0'
SLICES   DC    F'0'
ANSWER   DC    X'2BEB5AF5'
OWNERS   DC    (FRAMES)H'-1'
SAVED    DC    (TASKS*PERTASK)X'00'  1: the drum has this page
CONSBUSY DC    X'00'
DRUMBUSY DC    X'00'
UNDONE   DC    AL1(TASKS)
TOLD     DC    X'00'
TEXT     DC    CL60' '
TEXTEND  EQU   *
LASTWORD DC    C'ALL TASKS DONE 00000 PAGE FAULTS'
         LTORG
*---------------------------------------------------------------------*
* The tasks begin at virtual address 0, in DAT and problem state with *
* key 8, interruptions on.                                            *
*---------------------------------------------------------------------*
         MACRO
         TASK  &SLOT
TCB&SLOT DC    X'F0',AL3(TCB&SLOT+TCBPAGE-TCB),15F'1'
         DC    16X'0008'           no page is in a frame
         DC    X'07890000',A(0)
         DC    16F'0'
         DC    A(TCB&SLOT)         control register 1
         DC    2F'0'
         DC    Y(&SLOT*PERTASK),AL1(READY)
         ORG   TCB&SLOT+TCBLEN
         MEND
         ORG   MULTI+X'D00'
TCBS     EQU   *
         TASK  0
         TASK  1
         TASK  2
*---------------------------------------------------------------------*
* Task A: the prime numbers below 16384, by sieve.                    *
*---------------------------------------------------------------------*
         ORG   MULTI+X'1000'
PRIMES   BALR  R12,0
         USING *,R12
         L     R4,=X'00001000'     the sieve: a byte for each number
         LA    R5,2
         L     R7,=X'00004FFF'
NEXTNUM  LR    R1,R4
         AR    R1,R5
         CLI   0(R1),0
         BNE   COMPOSIT
         LR    R9,R5
         MR    R8,R5
         LA    R8,0(R4,R9)
         LR    R6,R5
CROSS    MVI   0(R8),1
         BXLE  R8,R6,CROSS
COMPOSIT LA    R5,1(,R5)
         CH    R5,=H'128'
         BL    NEXTNUM
         SR    R2,R2
         LA    R8,2(,R4)
         LA    R6,1
COUNTING CLI   0(R8),0
         BNE   *+8
         LA    R2,1(,R2)
         BXLE  R8,R6,COUNTING
         CVD   R2,ADEC
         OI    ADEC+7,X'0F'
         UNPK  AMSG+8(4),ADEC+5(3)
         LA    R1,AMSG
         LA    R0,L'AMSG
         SVC   WRITE
         SVC   EXIT
ADEC     DS    D
AMSG     DC    C'TASK A: 0000 PRIMES BELOW 16384'
         LTORG
         DROP  R12
*---------------------------------------------------------------------*
* Task B: sorts 4096 random numbers (Shell's method), then checks the *
* order and makes a sum that depends on it.                           *
*---------------------------------------------------------------------*
         ORG   MULTI+X'2000'
SORT     BALR  R12,0
         USING *,R12
         LA    R8,1
         L     R4,=X'00001000'
         LR    R5,R4
         LA    R6,4
         L     R7,=X'00004FFC'     last word
MAKE     MH    R8,=H'25173'
         A     R8,=F'13849'
         N     R8,=X'0000FFFF'
         ST    R8,0(,R5)
         BXLE  R5,R6,MAKE
         L     R3,=A(1024*4)       gap in bytes
GAP      LR    R5,R4
         AR    R5,R3
OUTER    L     R1,0(,R5)           insert this one
         LR    R9,R5
INNER    LR    R10,R9
         SR    R10,R3              its neighbour, a gap before
         CR    R10,R4
         BL    PUT
         L     R2,0(,R10)
         CR    R2,R1
         BNH   PUT
         ST    R2,0(,R9)
         LR    R9,R10
         B     INNER
PUT      ST    R1,0(,R9)
         BXLE  R5,R6,OUTER
         SRL   R3,2                next gap: a quarter, in words
         N     R3,=X'FFFFFFFC'
         BNZ   GAP
*
         SR    R2,R2
         SR    R1,R1
         LR    R5,R4
CHECK    C     R1,0(,R5)
         BH    WRONG
         L     R1,0(,R5)
         SLL   R2,1
         AL    R2,0(,R5)
         BXLE  R5,R6,CHECK
         LA    R1,BMSG
         LA    R0,L'BMSG
         SVC   WRITE
         SVC   EXIT
WRONG    SVC   255
BMSG     DC    C'TASK B: 4096 NUMBERS SORTED'
         LTORG
         DROP  R12
*---------------------------------------------------------------------*
* Task C: multiplies two matrices of 36 by 36 words.                  *
*---------------------------------------------------------------------*
         ORG   MULTI+X'3000'
ORDER    EQU   36
MATRIX   BALR  R12,0
         USING *,R12
         L     R4,=X'00001000'     first: 1, 2, 3 ...
         L     R5,=X'00003000'     second: its words doubled, plus one
         LA    R1,ORDER*ORDER
         LA    R2,1
MAKEMAT  ST    R2,0(,R4)
         LR    R3,R2
         AR    R3,R3
         LA    R3,1(,R3)
         ST    R3,0(,R5)
         LA    R4,4(,R4)
         LA    R5,4(,R5)
         LA    R2,1(,R2)
         BCT   R1,MAKEMAT
*
         L     R6,=X'00001000'     R6: row of the first
         L     R10,=X'00005000'    R10: place in the product
         LA    R7,ORDER            R7: rows left
ROW      L     R5,=X'00003000'     R5: column of the second
         LA    R9,ORDER            R9: columns left
COLUMN   LR    R3,R6
         LR    R4,R5
         SR    R2,R2
         LA    R8,ORDER
DOT      L     R1,0(,R3)
         M     R0,0(,R4)
         ALR   R2,R1
         LA    R3,4(,R3)
         LA    R4,4*ORDER(,R4)
         BCT   R8,DOT
         ST    R2,0(,R10)
         LA    R10,4(,R10)
         LA    R5,4(,R5)
         BCT   R9,COLUMN
         LA    R6,4*ORDER(,R6)
         BCT   R7,ROW
*
         SR    R2,R2
         L     R10,=X'00005000'
         LA    R8,ORDER*ORDER
ADDUP    AL    R2,0(,R10)
         LA    R10,4(,R10)
         BCT   R8,ADDUP
         LA    R1,CMSG
         LA    R0,L'CMSG
         SVC   WRITE
         SVC   EXIT
CMSG     DC    C'TASK C: PRODUCT OF TWO MATRICES'
         LTORG
         END   MAIN
