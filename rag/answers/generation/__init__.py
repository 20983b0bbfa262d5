"""The generated answer: evidence to a model behind an OpenAI-compatible address, and back as checked sentences.

Way in: `Generator` (`generator`). `prompts` numbers the evidence, `guard` keeps planted instructions from it,
`chat_model` streams, `statements` checks each sentence as it is written, `meter` and `prices` count. Way out:
`generated_answer`.
"""
