-- One iteration in a line.
SELECT
    iteration.campaign,
    iteration.conversion_kind,
    iteration.budget_amount,
    iteration.budget_currency AS currency,
    (
        SELECT count(*) FROM core.deal AS deal
        WHERE deal.iteration_key = iteration.iteration_key
    ) AS offered,
    (
        SELECT count(*) FROM core.deal AS deal
        WHERE deal.iteration_key = iteration.iteration_key AND deal.state = 'accepted'
    ) AS signed,
    (
        SELECT coalesce(sum(cost.amount), 0) FROM core.cost AS cost
        WHERE cost.iteration_key = iteration.iteration_key AND cost.currency = iteration.budget_currency
    ) AS spent
FROM core.iteration AS iteration
WHERE iteration.iteration_key = :iteration_key
