* A program of a thousand words that only answers.
ANSWER   START 0
         USING ANSWER,12
         LR    12,15
         LA    1,TEXT
         LA    2,6
         SVC   1                   WRITE
         SR    1,1
         SVC   0                   EXIT
TEXT     DC    C'READY',X'15'
         ORG   ANSWER+4092
LAST     DC    F'1'
         END   ANSWER
