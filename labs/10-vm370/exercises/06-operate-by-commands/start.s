*---------------------------------------------------------------------*
* Waits for the operator's interrupt key. If the word at KEY is the   *
* right one then, it adds, as often as register 4 says, and ends.     *
*---------------------------------------------------------------------*
OPERATE  START 0
         USING OPERATE,0
         DC    A(0),A(MAIN)        00 the PSW it begins with
         ORG   OPERATE+X'58'
         DC    A(0),A(CAME)        58 external new PSW
         ORG   OPERATE+X'68'
         DC    X'00020000',A(X'DEAD')  68 program new: unexpected
*
         ORG   OPERATE+X'{{origin}}'
MAIN     LCTL  0,0,KEYONLY         no timer, only the key
         SR    {{register}},{{register}}
SLEEP    LPSW  WAITING
CAME     CLC   KEY,WANTED
         BNE   SLEEP               wrong: sleep again
ADD      A     {{register}},=F'{{added}}'
         BCT   4,ADD
LAST     LPSW  GOOD
*
WAITING  DC    0D'0',X'01020000',A(SLEEP)
GOOD     DC    0D'0',X'00020000',A(0)
KEYONLY  DC    X'00000040'
WANTED   DC    X'{{word}}'
KEY      DC    F'0'
         LTORG
         END   MAIN
