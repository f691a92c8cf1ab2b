-- Wishes of plans keep the key of a channel and lose its name, where the name was the platform's and its time is over.
UPDATE core.plan AS plan
SET
    wishes = (
        SELECT
            jsonb_agg(
                CASE
                    WHEN wish.content ->> 'channel_key' = ANY(CAST(:channel_keys AS text[]))
                        THEN jsonb_set(wish.content, '{name}', wish.content -> 'channel_key')
                    ELSE wish.content
                END ORDER BY wish.place
            )
        FROM jsonb_array_elements(plan.wishes) WITH ORDINALITY AS wish (content, place)
    )
WHERE
    EXISTS (
        SELECT FROM jsonb_array_elements(plan.wishes) AS wish (content)
        WHERE
            wish.content ->> 'channel_key' = ANY(CAST(:channel_keys AS text[]))
            AND wish.content ->> 'name' <> wish.content ->> 'channel_key'
    )
RETURNING plan.iteration_key
