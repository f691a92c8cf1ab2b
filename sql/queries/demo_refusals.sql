-- Who got an offer and did not sign.
SELECT
    channel.title AS creator,
    deal.state,
    deal.reason
FROM core.deal AS deal
INNER JOIN core.channel AS channel ON deal.channel_key = channel.channel_key
WHERE deal.iteration_key = :iteration_key AND deal.state <> 'accepted'
ORDER BY deal.approach_order
