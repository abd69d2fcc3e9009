* 3330: formats a track with keys, reads by key, updates and reads back, reads counts, searches for a record that
* is not there, asks why, seeks too far. The CSWs are at 2000; all of it as Hercules does it.
*> psw 0002000000000D15
*> dump 2000 000010D80C000000000010F80C000000000011300C000000000011600C00000C000011700E400005000011880C000000000011900E000000
*> dump 2080 E3C8C540E3C8C9D9C440D9C5C3D6D9C440404040
*> dump 20A0 D2C5E8F2E4D7C4C1E3C5C4404040404040404040404040
*> dump 20C0 0000050003000000000500030104001400050003020400140005000303040014E3C8C540E3C8C9D9C440D9C5C3D6D9C40008
D        START X'1000'
         BALR  12,0
         USING *,12
         MVC   120(8),IONEW
         LA    1,FORMAT
         BAL   14,DOIO
         LA    1,BYKEY
         BAL   14,DOIO
         LA    1,UPDATE
         BAL   14,DOIO
         LA    1,COUNTS
         BAL   14,DOIO
         LA    1,NOREC
         BAL   14,DOIO
         LA    1,SENSE
         BAL   14,DOIO
         LA    1,NEXTCYL
         BAL   14,DOIO
         LPSW  DONE
DOIO     ST    1,72
         SIO   X'191'
         BC    7,BAD
         LPSW  WAIT
HANDLE   L     5,SAVE
         MVC   0(8,5),64
         LA    5,8(5)
         ST    5,SAVE
         BR    14
BAD      LPSW  FAIL
SAVE     DC    A(X'2000')
         DS    0D
IONEW    DC    X'00000000',A(HANDLE)
WAIT     DC    X'FE02000000000000'
DONE     DC    X'0002000000000D15'
FAIL     DC    X'0002000000000BAD'
FORMAT   CCW   X'07',SEEKA,X'40',6
         CCW   X'1F',FMASK,X'40',1
         CCW   X'39',SEEKA+2,X'40',4
         CCW   X'08',*-8,0,0
         CCW   X'15',R0,X'40',16
         CCW   X'1D',R1,X'40',8+4+20
         CCW   X'1D',R2,X'40',8+4+20
         CCW   X'1D',R3,X'40',8+4+20
         CCW   X'1D',R4,X'00',8
BYKEY    CCW   X'07',SEEKA,X'40',6
         CCW   X'29',KEY3,X'40',4
         CCW   X'08',*-8,0,0
         CCW   X'06',X'2080',X'00',20
UPDATE   CCW   X'07',SEEKA,X'40',6
         CCW   X'31',R2,X'40',5
         CCW   X'08',*-8,0,0
         CCW   X'05',NEW,X'40',20
         CCW   X'31',R2,X'40',5
         CCW   X'08',*-8,0,0
         CCW   X'0E',X'20A0',X'00',24
COUNTS   CCW   X'07',SEEKA,X'40',6
         CCW   X'1A',X'20C0',X'40',5
         CCW   X'12',X'20C8',X'40',8
         CCW   X'92',X'20D0',X'40',8
         CCW   X'92',X'20D8',X'40',8
         CCW   X'06',X'20E0',X'20',32
NOREC    CCW   X'07',SEEKA,X'40',6
         CCW   X'31',NOID,X'40',5
         CCW   X'08',*-8,0,0
         CCW   X'06',X'20F8',X'20',8
SENSE    CCW   X'04',X'20F0',X'20',2
NEXTCYL  CCW   X'07',BADSEEK,X'60',6
         CCW   X'04',X'20F4',X'20',2
SEEKA    DC    X'000000050003'
BADSEEK  DC    X'000003E70003'
FMASK    DC    X'C0'
R0       DC    X'0005000300000008',XL8'0'
R1       DC    X'0005000301040014',C'KEY1',CL20'THE FIRST RECORD'
R2       DC    X'0005000302040014',C'KEY2',CL20'THE SECOND RECORD'
R3       DC    X'0005000303040014',C'KEY3',CL20'THE THIRD RECORD'
R4       DC    X'0005000304000000'
KEY3     DC    C'KEY3'
NEW      DC    CL20'UPDATED'
NOID     DC    X'0005000309'
         END   D
