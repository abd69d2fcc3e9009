*---------------------------------------------------------------------*
* PAYROLL - what these machines were bought for                       *
*                                                                     *
* A batch job: time cards in, a payroll register out. The job runs in *
* the problem state; a small supervisor reads cards and prints lines  *
* for it. Money is computed in decimal arithmetic, digit by digit as  *
* on paper, so that every cent of the totals can be proved: the job   *
* ends only if gross pay equals net pay plus deductions, and if the   *
* cards agree with the control totals on the last of them.            *
*                                                                     *
* Card  1- 5 employee      TOTAL on the last card                     *
*       6- 7 department    (cards come in order of it)                *
*       8-27 name                                                     *
*      28-31 hours, nnn.n  number of cards in 6-10,                   *
*      32-35 rate, nn.nn     sum of all good hours in 11-17           *
*         36 exemptions                                               *
*                                                                     *
* Ends in a disabled wait: address 000000 good, 00DEAD bad.           *
*---------------------------------------------------------------------*
* storage: 64K
* devices: 00C=2540R 00E=1403
* cards: payroll
* expect: R2 = 00095A24
* expect: R3 = 00000027
* expect: printer CONTROL TOTALS AGREE
* expect: printer *** REJECTED
*---------------------------------------------------------------------*
R0       EQU   0
R1       EQU   1
R2       EQU   2
R3       EQU   3
R5       EQU   5
R10      EQU   10
R11      EQU   11                  second base of the job
R12      EQU   12                  first base of the job
R14      EQU   14
R15      EQU   15
SLI      EQU   X'20'               CCW flag: any length will do
*
DONE     EQU   0                   SVC numbers: the job is done
READ     EQU   1                   read a card to R1; R15 = 4: no more
PRINT    EQU   2                   print the line at R1: command, text
*---------------------------------------------------------------------*
* Macros of the job.                                                  *
*---------------------------------------------------------------------*
         MACRO
&LABEL   PUT   &LINE
&LABEL   LA    R1,&LINE
         SVC   PRINT
         MEND
*
         MACRO
         EDIT  &FIELD,&VALUE,&MASK
         MVC   &FIELD.(L'&MASK),&MASK
         ED    &FIELD.(L'&MASK),&VALUE
         MEND
*---------------------------------------------------------------------*
* A device block says what a device is doing.                         *
*---------------------------------------------------------------------*
DEVICE   DSECT
DEVADDR  DS    H                   address of the device
DEVSTAT  DS    X                   unit status so far
DEVBUSY  DS    X                   X'FF': device end has not come yet
DEVLEN   EQU   *-DEVICE
*---------------------------------------------------------------------*
PAYROLL  START 0
         USING PAYROLL,R0
         DC    A(0),A(MAIN)        00 restart new PSW
         ORG   PAYROLL+X'20'
SVCOLD   DS    D                   20 SVC old PSW
         ORG   PAYROLL+X'38'
IOOLD    DS    D                   38 I/O old PSW
CSW      DS    D                   40 channel status word
CAW      DS    A                   48 channel address word
         ORG   PAYROLL+X'58'
         DC    X'00020000',A(X'DEAD')  58 external new: unexpected
         DC    A(0),A(SVCINT)          60 SVC new
         DC    X'00020000',A(X'DEAD')  68 program new: unexpected
         DC    X'00020000',A(X'DEAD')  70 machine check: unexpected
         DC    A(0),A(IOINT)           78 I/O new PSW
*---------------------------------------------------------------------*
* Supervisor.                                                         *
*---------------------------------------------------------------------*
         ORG   PAYROLL+X'800'
MAIN     LA    R0,X'80'            key 8 for the job's storage,
         L     R1,=A(JOB)            to the end of 64 K
         L     R2,=A(X'10000')
KEYS     SSK   R0,R1
         AH    R1,=H'2048'
         CR    R1,R2
         BL    KEYS
         LPSW  JOBPSW
*
SVCINT   STM   R0,R15,JOBREGS
         LH    R2,SVCOLD+2         number of the call
         CH    R2,=AL2(PRINT)
         BH    BAD
         SLL   R2,2
         L     R2,SERVICES(R2)
         BR    R2
SERVICES DC    A(JOBDONE,READCARD,PRINTLN)
*
READCARD ST    R1,READCCW
         MVI   READCCW,X'02'
         USING DEVICE,R1
         LA    R1,READER
         LA    R0,READCCW
         BAL   R10,START
         BAL   R10,WAIT            the job needs the card now
         MVC   JOBREGS+15*4(4),=F'0'
         TM    DEVSTAT,X'01'       unit exception: no more cards
         BZ    BACK
         MVC   JOBREGS+15*4(4),=F'4'
         B     BACK
*
PRINTLN  LR    R3,R1
         LA    R1,PRINTER
         BAL   R10,WAIT            the line before must be printed
         MVC   LINE,0(R3)          the job may use its own again
         MVC   PRINTCCW(1),LINE
         LA    R0,PRINTCCW
         BAL   R10,START           and while it prints, the job goes on
*
BACK     LM    R0,R15,JOBREGS
         LPSW  SVCOLD
*
JOBDONE  LA    R1,PRINTER
         BAL   R10,WAIT
         LM    R0,R15,JOBREGS
         LTR   R15,R15
         BNZ   BAD
         LPSW  GOOD
BAD      LPSW  FAILED
*---------------------------------------------------------------------*
* START: starts the channel program at R0 on the device of R1. The    *
* channel gets the job's key: it cannot store where the job cannot.   *
*---------------------------------------------------------------------*
START    ST    R0,CAW
         MVI   CAW,X'80'
         LH    R15,DEVADDR
         MVI   DEVSTAT,0
         MVI   DEVBUSY,X'FF'
AGAIN    SIO   0(R15)
         BCR   8,R10               0: started
         BC    2,AGAIN             2: busy
         BC    1,BAD               3: not there
         OC    DEVSTAT,CSW+4       1: ended at once, or busy
         TM    CSW+4,X'10'
         BO    AGAIN
         TM    CSW+4,X'04'
         BZR   R10
         MVI   DEVBUSY,0
         BR    R10
*---------------------------------------------------------------------*
* WAIT: waits for the device of R1.                                   *
*---------------------------------------------------------------------*
WAIT     CLI   DEVBUSY,0
         BE    IDLE
         LPSW  WAITING
IDLE     TM    DEVSTAT,X'02'       unit check?
         BNZ   BAD
         BR    R10
*---------------------------------------------------------------------*
* I/O interruption.                                                   *
*---------------------------------------------------------------------*
IOINT    STM   R14,R1,IOREGS
         LA    R1,READER
         CLC   DEVADDR,IOOLD+2
         BE    NOTE
         LA    R1,PRINTER
         CLC   DEVADDR,IOOLD+2
         BNE   BAD
NOTE     OC    DEVSTAT,CSW+4
         CLI   CSW+5,0             channel errors
         BNE   BAD
         TM    CSW+4,X'04'         device end?
         BZ    RETURN
         MVI   DEVBUSY,0
RETURN   LM    R14,R1,IOREGS
         MVI   IOOLD,0             go on, no longer waiting
         NI    IOOLD+1,255-X'02'
         LPSW  IOOLD
         DROP  R1
*
JOBPSW   DC    0D'0',X'00810000',A(JOB)   key 8, problem state
WAITING  DC    0D'0',X'FE020000',A(WAIT)
GOOD     DC    0D'0',X'00020000',A(0)
FAILED   DC    0D'0',X'00020000',A(X'DEAD')
READCCW  CCW   X'02',0,SLI,80       (at the end there is no card)
PRINTCCW CCW   X'09',LINE+1,SLI,132
LINE     DS    CL133               the line that is being printed
JOBREGS  DS    16F
IOREGS   DS    4F
READER   DC    X'000C',X'0000'
PRINTER  DC    X'000E',X'0000'
         LTORG
         ORG   PAYROLL+X'1000'
*---------------------------------------------------------------------*
* The job.                                                            *
*---------------------------------------------------------------------*
JOB      BALR  R12,0
         USING *,R12,R11
         LA    R11,4095(,R12)
         LA    R11,1(,R11)
         BAL   R10,HEADING
         BAL   R10,GETCARD
         MVC   DEPT,CDEPT
CARD     CLC   CEMPLOYE,=C'TOTAL'
         BE    CONTROL
         AP    CARDS,=P'1'
         CLC   CDEPT,DEPT          first card of a department?
         BE    SAMEDEPT
         BAL   R10,DEPTEND
*
* Digits only? TRT stops at the first byte with a mark in the table.
*
SAMEDEPT TRT   CHOURS(9),NUMERIC   hours, rate and exemptions
         BZ    PAY
         MVC   REJCARD,CARDIN
         PUT   REJECT
         BAL   R10,COUNTLN
         B     NEXT
*
* Gross pay. Hours have one decimal place, the rate two; hours beyond
* 40 count one and a half times:
*    (hours + overtime / 2) * rate = (2 * hours + overtime) * rate / 2
* That is in twentieths of a cent: times 5, a shift by two places, and
* rounding gives cents.
*
PAY      PACK  HOURS,CHOURS
         PACK  RATE,CRATE
         PACK  EXEMPT,CEXEMPT
         AP    SUMHOURS,HOURS
         ZAP   WORK,HOURS
         AP    WORK,HOURS
         ZAP   OVERTIME,HOURS
         SP    OVERTIME,=P'400'    40.0 hours
         BNP   NOOVER
         AP    WORK,OVERTIME
NOOVER   MP    WORK,RATE
         MP    WORK,=P'5'
         SRP   WORK,64-2,5
         ZAP   GROSS,WORK
*
* Tax: 14.40 a week are free for each exemption; of the rest 14 per
* cent up to 100.00, 20 per cent beyond. (Simplified.)
*
         ZAP   WORK,EXEMPT
         MP    WORK,=P'1440'
         ZAP   TAXABLE,GROSS
         SP    TAXABLE,WORK
         BP    *+10
         ZAP   TAXABLE,=P'0'
         ZAP   WORK,TAXABLE
         MP    WORK,=P'14'
         CP    TAXABLE,=P'10000'
         BNH   ROUND
         ZAP   WORK,TAXABLE        14 % of 100 and 20 % of the rest are
         MP    WORK,=P'20'           20 % of all less 6.00
         SP    WORK,=P'60000'
ROUND    SRP   WORK,64-2,5
         ZAP   TAX,WORK
*
* Social security: 5.2 per cent of the gross, as in 1972.
*
         ZAP   WORK,GROSS
         MP    WORK,=P'52'
         SRP   WORK,64-3,5
         ZAP   FICA,WORK
*
         ZAP   NET,GROSS
         SP    NET,TAX
         SP    NET,FICA
         AP    PAID,=P'1'
         LA    R1,AMOUNTS          into the department's totals
         LA    R2,DEPTTOT
         BAL   R14,ADDALL
*
         MVC   DEMP,CEMPLOYE
         MVC   DNAME,CNAME
         EDIT  DHOURS,HOURS,TENTHS
         EDIT  DRATE,RATE,CENTS
         LA    R1,AMOUNTS
         LA    R5,DAMOUNTS
         BAL   R14,EDITALL
         PUT   DETAIL
         BAL   R10,COUNTLN
NEXT     BAL   R10,GETCARD
         B     CARD
*---------------------------------------------------------------------*
* The last card: does everything agree?                               *
*---------------------------------------------------------------------*
CONTROL  BAL   R10,DEPTEND
         MVC   TTEXT,=CL20'ALL DEPARTMENTS'
         LA    R1,ALLTOT
         LA    R5,TAMOUNTS
         BAL   R14,EDITALL
         LA    R1,TNETSIG          where a digit stands in any case
         MVC   TNET,MONEY
         EDMK  TNET,ALLNET         R1: the first digit; before it
         BCTR  R1,0                  goes the dollar sign
         MVI   0(R1),C'$'
         PUT   TOTALS
         PACK  WORK,CCARDS
         CP    WORK,CARDS
         BNE   DISAGREE
         PACK  WORK,CSUMHRS
         CP    WORK,SUMHOURS
         BNE   DISAGREE
         ZAP   WORK,ALLNET         net and deductions make the gross
         AP    WORK,ALLTAX
         AP    WORK,ALLFICA
         CP    WORK,ALLGROSS
         BNE   DISAGREE
         BAL   R10,GETCARD         and there must be no more cards
         LTR   R15,R15
         BZ    DISAGREE
         PUT   AGREE
         ZAP   DOUBLE,ALLNET
         CVB   R2,DOUBLE           result: net pay in cents,
         ZAP   DOUBLE,PAID
         CVB   R3,DOUBLE             employees paid
         SR    R15,R15
         SVC   DONE
DISAGREE PUT   NOTAGREE
         LA    R15,8
         SVC   DONE
*---------------------------------------------------------------------*
* DEPTEND: prints a department's totals and adds them to all.         *
*---------------------------------------------------------------------*
DEPTEND  MVC   TTEXT,=CL20'DEPARTMENT'
         MVC   TTEXT+11(2),DEPT
         MVC   DEPT,CDEPT
         LA    R1,DEPTTOT
         LA    R5,TAMOUNTS
         BAL   R14,EDITALL
         PUT   TOTALS
         LA    R1,DEPTTOT
         LA    R2,ALLTOT
         BAL   R14,ADDALL
         ZAP   DEPTTOT(5),=P'0'
         MVC   DEPTTOT+5(15),DEPTTOT  each byte from five before it
         BAL   R14,COUNT2
         BR    R10
*---------------------------------------------------------------------*
* ADDALL: adds the four amounts at R1 to those at R2.                 *
*---------------------------------------------------------------------*
ADDALL   LA    R0,4
ADDNEXT  AP    0(5,R2),0(5,R1)
         LA    R1,5(,R1)
         LA    R2,5(,R2)
         BCT   R0,ADDNEXT
         BR    R14
*---------------------------------------------------------------------*
* EDITALL: edits the four amounts at R1 into the line at R5.          *
*---------------------------------------------------------------------*
EDITALL  LA    R0,4
EDITNEXT MVC   0(L'MONEY,R5),MONEY
         ED    0(L'MONEY,R5),0(R1)
         LA    R1,5(,R1)
         LA    R5,L'MONEY(,R5)
         BCT   R0,EDITNEXT
         BR    R14
*---------------------------------------------------------------------*
* COUNTLN: counts a line of the page; a full page gets a successor.   *
*---------------------------------------------------------------------*
COUNTLN  AP    LINES,=P'1'
         CP    LINES,=P'40'
         BLR   R10
HEADING  AP    PAGE,=P'1'
         ZAP   LINES,=P'0'
         UNPK  HPAGE,PAGE
         OI    HPAGE+1,X'F0'
         PUT   SKIP
         PUT   HEAD1
         PUT   HEAD2
         BR    R10
COUNT2   AP    LINES,=P'2'
         BR    R14
*---------------------------------------------------------------------*
GETCARD  LA    R1,CARDIN
         SVC   READ
         BR    R10
*---------------------------------------------------------------------*
* The card.                                                           *
*---------------------------------------------------------------------*
CARDIN   DS    CL80
         ORG   CARDIN
CEMPLOYE DS    CL5
CDEPT    DS    CL2
CNAME    DS    CL20
CHOURS   DS    CL4
CRATE    DS    CL4
CEXEMPT  DS    CL1
         ORG   CARDIN+5
CCARDS   DS    CL5                 control card
CSUMHRS  DS    CL7
         ORG   CARDIN+80
*---------------------------------------------------------------------*
* Numbers. P'...' is packed decimal: two digits in a byte, the sign   *
* in the last half.                                                   *
*---------------------------------------------------------------------*
DOUBLE   DS    D
WORK     DC    PL8'0'
HOURS    DC    PL3'0'
RATE     DC    PL3'0'
EXEMPT   DC    PL2'0'
OVERTIME DC    PL3'0'
TAXABLE  DC    PL5'0'
SUMHOURS DC    PL5'0'
CARDS    DC    PL3'0'
PAID     DC    PL3'0'
PAGE     DC    PL2'0'
LINES    DC    PL2'0'
DEPT     DS    CL2
AMOUNTS  EQU   *                   of one employee
GROSS    DC    PL5'0'
TAX      DC    PL5'0'
FICA     DC    PL5'0'
NET      DC    PL5'0'
DEPTTOT  DC    4PL5'0'             of a department
ALLTOT   EQU   *                   of all
ALLGROSS DC    PL5'0'
ALLTAX   DC    PL5'0'
ALLFICA  DC    PL5'0'
ALLNET   DC    PL5'0'
*
* Editing masks: fill character; X'20' a digit, X'21' a digit behind
* which zeros are printed; other characters stand for themselves.
*
TENTHS   DC    X'40202021204B20'
CENTS    DC    X'402021204B2020'
MONEY    DC    X'40206B2020206B2021204B2020'
NUMERIC  DC    240X'FF',10X'00',6X'FF'
*---------------------------------------------------------------------*
* Lines: the printer's command, then the text. 09 writes and spaces   *
* one line, 11 two, 19 three; 8B skips to the top of the next page.   *
*---------------------------------------------------------------------*
SKIP     DC    X'8B',CL132' '
HEAD1    DC    X'11'
         DC    CL60'STRATA MANUFACTURING COMPANY     PAYROLL REGISTER'
         DC    C'WEEK ENDING 08/04/72   PAGE '
HPAGE    DC    C'00'
         DC    CL(132-(*-HEAD1-1))' '
HEAD2    DC    X'11'
         DC    C'  EMPL NAME                  HOURS   RATE'
         DC    C'        GROSS          TAX         FICA          NET'
         DC    CL(132-(*-HEAD2-1))' '
DETAIL   DC    X'09',C' '
DEMP     DC    CL5' ',C' '
DNAME    DC    CL20' '
DHOURS   DC    CL7' '
DRATE    DC    CL7' '
DAMOUNTS DC    4CL13' '
         DC    CL(132-(*-DETAIL-1))' '
TOTALS   DC    X'11',CL21' '
TTEXT    DC    CL20' '
TAMOUNTS DC    3CL13' '
TNET     DC    CL13' '
TNETSIG  EQU   TNET+9              behind the X'21'
         DC    CL(132-(*-TOTALS-1))' '
REJECT   DC    X'09',C' *** REJECTED '
REJCARD  DC    CL80' '
         DC    CL(132-(*-REJECT-1))' '
AGREE    DC    X'09',CL132' CONTROL TOTALS AGREE'
NOTAGREE DC    X'09',CL132' *** CONTROL TOTALS DO NOT AGREE'
         LTORG
         END   MAIN
