-- Every offer of an iteration and how it ended, in the order of approach.
SELECT
    deal.deal_key,
    deal.channel_key,
    deal.approach_order,
    deal.state,
    deal.offered_amount,
    deal.countered_amount,
    deal.agreed_amount,
    deal.currency,
    deal.offered_at,
    deal.answer_due_at,
    deal.answered_at,
    deal.reason,
    channel.title AS creator,
    channel.country
FROM core.deal AS deal
INNER JOIN core.channel AS channel ON deal.channel_key = channel.channel_key
WHERE deal.iteration_key = :iteration_key
ORDER BY deal.approach_order, deal.deal_key;
