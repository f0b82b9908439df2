(CNN) -- Angela Merkel visited the harbour of Piraeus on Monday.

She met Anna Papadaki, the transport minister.

@highlight

Merkel visits harbour

@highlight

Olaf Scholz is not in the text
